// The mouth, drawn over the skin: two sheets that part over teeth, tongue and dark.
uniform sampler2D sheets;
uniform sampler2D pose;
uniform vec3 box;
uniform vec2 origin;
uniform vec2 turn;
uniform float scale;
uniform vec3 skin;
uniform float light;
uniform float meeting;
uniform vec4 teeth;
uniform float tongueOut;
uniform float parted;
uniform vec2 lipEdge;
uniform vec4 teethUpperPlace; uniform vec4 teethUpperRect;
uniform vec4 teethLowerPlace; uniform vec4 teethLowerRect;
uniform vec4 tonguePlace; uniform vec4 tongueRect;

const float SQUEEZE = 0.22;
const float LIP_SPAN = 1.6;

vec3 overlay(vec3 below, vec2 at, vec4 spot, vec4 rect, float share) {
  if (any(lessThan(at, rect.xy)) || any(greaterThan(at, rect.zw))) return below;
  vec4 above = readAtlas(at, spot, rect);
  return mix(below, above.rgb, above.a * share);
}

vec3 inside(vec2 at, float side, float underTop, float overLow) {
  float drop = teeth.x, T = teeth.y, TL = teeth.z, tip = teeth.w, e0 = meeting;
  vec3 c = vec3(58.0, 20.0, 22.0) / 255.0 * 0.55 * light;
  vec2 tongueAt = at - vec2(0.0, e0 + drop * (0.8 - 0.55 * tip) + 0.22 - 0.1 * tip);
  c = overlay(c, tongueAt, tonguePlace, tongueRect, 1.0);
  c = overlay(c, at - vec2(0.0, e0 + drop + 0.05 - 0.16 * TL), teethLowerPlace, teethLowerRect, 1.0);
  if (tongueOut > 0.01) c = overlay(c, tongueAt, tonguePlace, tongueRect, tongueOut);
  c = overlay(c, at - vec2(0.0, e0 + 0.1 - 0.26 * (1.0 - T)), teethUpperPlace, teethUpperRect, 1.0);
  float near = min(side, 1.0);
  float g = (1.0 - 0.5 * exp(-underTop / 0.07)) * (1.0 - 0.45 * exp(-overLow / 0.07)) * (1.0 - 0.5 * pow(near, 2.4));
  c *= pow(vec3(max(g, 1e-3)), vec3(0.75, 1.05, 1.1));
  return mix(c, skin * vec3(0.42, 0.22, 0.20), 0.75 * smoothstep(0.72, 1.0, side));
}

// How deep in a lip to read for a pixel at a depth inside its edge: never on the edge, and past its dark line.
float pastEdge(float depth, float u, float clean) {
  float near = 1.0 - smoothstep(0.9, 1.0, abs(u));
  float squeezed = depth < SQUEEZE ? clean + depth * (1.0 - clean / SQUEEZE) : depth;
  return mix(depth, max(squeezed, lipEdge.y + clean), near);
}

vec2 lips(float u) { return curve(0, u, LIP_SPAN, 128.0); }
vec2 toMouth(vec2 p) { return toLocal(p, origin, turn, scale); }
vec3 readMouth(vec2 at) { return readPlate(toPlate(at, origin, turn, scale)); }

void main() {
  vec2 p = place + textureLod(pose, place, 0.0).xy;
  vec4 both = textureLod(sheets, (p - box.xy) / box.z, 0.0);
  vec2 at = toMouth(p), atU = toMouth(p + both.xy), atL = toMouth(p + both.zw);
  float upper = lips(atU.x).x, lower = lips(atL.x).y;
  float feather = max(0.9 * pixel, 0.011 * scale) / scale;
  float wU = clamp(0.5 + (upper - atU.y) / (2.0 * feather), 0.0, 1.0);
  float wL = clamp(0.5 + (atL.y - lower) / (2.0 * feather), 0.0, 1.0);
  vec2 fromU = vec2(atU.x, upper - pastEdge(upper - atU.y, atU.x, 0.6 * lipEdge.x));
  vec2 fromL = vec2(atL.x, lower + pastEdge(atL.y - lower, atL.x, lipEdge.x));
  float lit = 1.0 + moved().z;
  vec3 skinU = readMouth(fromU) * lit, skinL = readMouth(fromL) * lit;
  float gap = clamp(1.0 - wU - wL, 0.0, 1.0);
  vec3 c = mix(skinL, skinU, wU);
  if (gap > 0.0) {
    vec3 dark = inside(at, abs(atU.x), max(atU.y - upper, 0.0), max(lower - atL.y, 0.0));
    c = skinL * (1.0 - wU) + (dark - skinL) * gap + skinU * wU;
  }
  float part = parted * (1.0 - smoothstep(1.2, 1.35, abs(at.x))) * smoothstep(-0.65, -0.5, at.y)
      * (1.0 - smoothstep(0.45, 0.6, at.y - teeth.x));
  colour = vec4(c, part);
}
