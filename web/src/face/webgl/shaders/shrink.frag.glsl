#version 300 es
// A smaller copy of a picture: the middle of each quarter of a pixel, averaged.
precision highp float;
uniform sampler2D picture;
uniform float lod;
uniform float away;
in vec2 place;
out vec4 colour;
void main() {
  vec4 sum = vec4(0.0);
  for (int i = 0; i < 4; i++) {
    vec2 corner = vec2(float(i & 1), float(i >> 1)) * 2.0 - 1.0;
    sum += textureLod(picture, place + away * corner, lod);
  }
  colour = sum / 4.0;
}
