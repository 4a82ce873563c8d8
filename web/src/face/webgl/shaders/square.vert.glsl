#version 300 es
// One triangle over everything; `place` is (0, 0) at the top-left corner of the target.
// Targets are stored with row 0 at the top, the canvas with row 0 at the bottom: `flip` is -1 for the canvas.
uniform float flip;
out vec2 place;
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  place = corner;
  gl_Position = vec4((corner * 2.0 - 1.0) * vec2(1.0, flip), 0.0, 1.0);
}
