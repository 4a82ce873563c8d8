#version 300 es
// A weighted sum of layers, node by node.
precision highp float;
precision highp sampler2DArray;
uniform sampler2DArray layersIn;
uniform float weights[COUNT];
out vec4 total;
void main() {
  ivec2 node = ivec2(gl_FragCoord.xy);
  total = vec4(0.0);
  for (int i = 0; i < COUNT; i++) {
    if (weights[i] != 0.0) total += weights[i] * texelFetch(layersIn, ivec3(node, i), 0);
  }
}
