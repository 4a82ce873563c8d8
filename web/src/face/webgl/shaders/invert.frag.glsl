#version 300 es
// A field moves the skin at m to m + D(m); for each node p this finds m, and keeps m - p for both sheets.
precision highp float;
uniform sampler2D field;
uniform vec3 box;
in vec2 place;
out vec4 shift;
vec4 at(vec2 p) {
  vec2 q = (p - box.xy) / box.z;
  bool inside = all(greaterThanEqual(q, vec2(0.0))) && all(lessThanEqual(q, vec2(1.0)));
  return inside ? texture(field, q) : vec4(0.0);
}
void main() {
  vec2 p = box.xy + place * box.z;
  vec2 upper = p;
  vec2 lower = p;
  for (int i = 0; i < 4; i++) {
    upper = p - at(upper).xy;
    lower = p - at(lower).zw;
  }
  shift = vec4(upper - p, lower - p);
}
