#version 300 es
// What every part of the face reads; docs/rig.md states every step. Places are fractions of the plate, (0, 0) at its top left.
precision highp float;

uniform sampler2D plate;
uniform sampler2D mapping;
uniform sampler2D atlas;
uniform sampler2D curves;
uniform float pixel;

in vec2 place;
out vec4 colour;

vec2 toLocal(vec2 p, vec2 origin, vec2 turn, float scale) {
  vec2 d = p - origin;
  return vec2(d.x * turn.x + d.y * turn.y, d.y * turn.x - d.x * turn.y) / scale;
}
vec2 toPlate(vec2 q, vec2 origin, vec2 turn, float scale) {
  return origin + scale * vec2(q.x * turn.x - q.y * turn.y, q.x * turn.y + q.y * turn.x);
}
vec3 readPlate(vec2 p) { return textureLod(plate, p, 0.0).rgb; }
// What to add to this place, and to its light.
vec3 moved() { return textureLod(mapping, place, 0.0).xyz; }
vec2 curve(int row, float at, float span, float last) {
  float x = clamp((at + span) * last / (2.0 * span), 0.0, last);
  int low = min(int(x), int(last) - 1);
  return mix(texelFetch(curves, ivec2(low, row), 0).rg, texelFetch(curves, ivec2(low + 1, row), 0).rg, x - float(low));
}
vec4 readAtlas(vec2 at, vec4 spot, vec4 rect) {
  vec2 part = (at - rect.xy) / (rect.zw - rect.xy);
  vec2 edge = 0.5 / (spot.zw * vec2(textureSize(atlas, 0)));
  return textureLod(atlas, spot.xy + clamp(part, edge, 1.0 - edge) * spot.zw, 0.0);
}
