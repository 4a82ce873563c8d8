// One eye, drawn over the skin.
uniform int row;
uniform vec2 origin;
uniform vec2 turn;
uniform float scale;
uniform vec3 shape;
uniform vec4 drive;
uniform vec4 ballPlace; uniform vec4 ballRect;
uniform vec4 skinPlace; uniform vec4 skinRect;

const float LID_SPAN = 1.3;

vec3 readEye(vec2 at) { return readPlate(toPlate(at, origin, turn, scale)); }

// The eye's own picture at the eye place (s, t).
vec3 eyeColour(float s, float t) {
  float lid = drive.x;
  float band = shape.x, above = shape.y, below = shape.z;
  vec2 lids = curve(row, s, LID_SPAN, 64.0);
  float opening = lids.y - lids.x;
  float down = lid * (opening * 1.06 + 0.1 * max(lid, 0.0) * max(0.0, 1.0 - s * s));
  float up = drive.y * 0.28 * opening;
  float edgeUp = lids.x + down, edgeLow = lids.y - up;

  float top = lids.x - above, reach = above - band;
  float z = clamp((t - top) / max(edgeUp - band - top, 1e-3), 0.0, 1.0);
  float bend = clamp(down / reach, -0.9, 0.9);
  float source = t > top ? top + reach * (z + bend * z * (1.0 - z)) : t;
  float bare = clamp(3.0 * down / (opening + 0.05), 0.0, 1.0);
  vec3 stretched = mix(readEye(vec2(s, source)), readAtlas(vec2(s, source), skinPlace, skinRect).rgb, bare);
  vec3 rigid = readEye(vec2(s, min(t, edgeUp - 0.01) - down));
  vec3 upperSkin = mix(stretched, rigid, smoothstep(0.0, 0.35 * band, t - (edgeUp - band)));

  float end = lids.y + below;
  float y = clamp((end - t) / max(end - edgeLow, 1e-3), 0.0, 1.0);
  float rise = clamp(up / below, 0.0, 0.9);
  float from = t < end ? end - below * (y + rise * y * (1.0 - y)) : t;
  vec3 lowerSkin = readEye(vec2(s, max(from, lids.y + 0.01)));

  float slide = 1.0 - smoothstep(0.62, 1.05, abs(s));
  vec3 ball = readAtlas(vec2(s, t) - drive.zw * slide, ballPlace, ballRect).rgb;
  ball *= 1.0 - 0.38 * clamp(3.0 * lid, 0.0, 1.0) * exp(-max(t - edgeUp, 0.0) / 0.12);
  float feather = max(0.9 * pixel / scale, 0.02);
  float over = clamp(0.5 + (edgeUp - t) / (2.0 * feather), 0.0, 1.0);
  float beneath = clamp(0.5 + (t - edgeLow) / (2.0 * feather), 0.0, 1.0);
  float between = clamp(1.0 - over - beneath, 0.0, 1.0);
  return upperSkin * over + ball * between + lowerSkin * (1.0 - over - between);
}

void main() {
  vec3 by = moved();
  vec2 at = toLocal(place + by.xy, origin, turn, scale);
  vec4 moves = abs(drive);
  float awake = min(12.0 * max(max(moves.x, moves.y), max(moves.z, moves.w)), 1.0);
  bool wanted = abs(at.x) < 1.35 && at.y > -1.7 && at.y < 0.95;
  colour = vec4(eyeColour(at.x, at.y) * (1.0 + by.z), wanted ? awake : 0.0);
}
