// The whole face, without what the eyes and the mouth draw themselves.
void main() {
  vec3 by = moved();
  colour = vec4(readPlate(place + by.xy) * (1.0 + by.z), 1.0);
}
