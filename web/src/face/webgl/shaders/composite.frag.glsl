#version 300 es
// One pixel of the face; docs/rig.md states every step. Places are fractions of the plate, (0, 0) at its top left.
precision highp float;


uniform sampler2D plate;
uniform sampler2D atlas;
uniform sampler2D curves;
uniform sampler2D warp;
uniform sampler2D pose;
uniform sampler2D shade;
uniform vec3 box;
uniform float pixel;
uniform float lod;
uniform float shaded;

uniform vec2 mouthOrigin;
uniform vec2 mouthTurn;
uniform float mouthScale;
uniform vec3 mouthSkin;
uniform float mouthLight;
uniform vec2 meeting;
uniform vec4 teeth;
uniform float tongueOut;
uniform float parted;
uniform vec2 lipEdge;
uniform vec4 teethUpperPlace; uniform vec4 teethUpperRect;
uniform vec4 teethLowerPlace; uniform vec4 teethLowerRect;
uniform vec4 tonguePlace; uniform vec4 tongueRect;

uniform vec2 eyeOrigin[2];
uniform vec2 eyeTurn[2];
uniform float eyeScale[2];
uniform vec3 eyeShape[2];
uniform vec4 eyeDrive[2];
uniform vec4 ballPlace[2]; uniform vec4 ballRect[2];
uniform vec4 skinPlace[2]; uniform vec4 skinRect[2];

in vec2 place;
out vec4 colour;

const float SQUEEZE = 0.22;
const float LIP_SPAN = 1.6;
const float LID_SPAN = 1.3;

vec2 toLocal(vec2 p, vec2 origin, vec2 turn, float scale) {
  vec2 d = p - origin;
  return vec2(d.x * turn.x + d.y * turn.y, d.y * turn.x - d.x * turn.y) / scale;
}
vec2 toPlate(vec2 q, vec2 origin, vec2 turn, float scale) {
  return origin + scale * vec2(q.x * turn.x - q.y * turn.y, q.x * turn.y + q.y * turn.x);
}
vec3 readPlate(vec2 p) { return textureLod(plate, p, lod).rgb; }
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
vec3 overlay(vec3 below, vec2 at, vec4 spot, vec4 rect, float share) {
  if (any(lessThan(at, rect.xy)) || any(greaterThan(at, rect.zw))) return below;
  vec4 above = readAtlas(at, spot, rect);
  return mix(below, above.rgb, above.a * share);
}
float lightAt(vec2 m) {
  vec2 q = (m - box.xy) / box.z;
  bool inside = all(greaterThan(q, vec2(0.0))) && all(lessThan(q, vec2(1.0)));
  return inside ? 1.0 + shaded * textureLod(shade, q, 0.0).r : 1.0;
}

vec3 readEye(int i, vec2 at) { return readPlate(toPlate(at, eyeOrigin[i], eyeTurn[i], eyeScale[i])); }

// The eye's own picture at the eye place (s, t).
vec3 eyeColour(int i, float s, float t) {
  float lid = eyeDrive[i].x;
  float band = eyeShape[i].x, above = eyeShape[i].y, below = eyeShape[i].z;
  vec2 lids = curve(i + 1, s, LID_SPAN, 64.0);
  float opening = lids.y - lids.x;
  float down = lid * (opening * 1.06 + 0.1 * max(lid, 0.0) * max(0.0, 1.0 - s * s));
  float up = eyeDrive[i].y * 0.28 * opening;
  float edgeUp = lids.x + down, edgeLow = lids.y - up;

  float top = lids.x - above, reach = above - band;
  float z = clamp((t - top) / max(edgeUp - band - top, 1e-3), 0.0, 1.0);
  float bend = clamp(down / reach, -0.9, 0.9);
  float source = t > top ? top + reach * (z + bend * z * (1.0 - z)) : t;
  vec3 stretched = readEye(i, vec2(s, source));
  float bare = clamp(3.0 * down / (opening + 0.05), 0.0, 1.0);
  if (bare > 0.0) stretched = mix(stretched, readAtlas(vec2(s, source), skinPlace[i], skinRect[i]).rgb, bare);
  vec3 rigid = readEye(i, vec2(s, min(t, edgeUp - 0.01) - down));
  vec3 upperSkin = mix(stretched, rigid, smoothstep(0.0, 0.35 * band, t - (edgeUp - band)));

  float end = lids.y + below;
  float y = clamp((end - t) / max(end - edgeLow, 1e-3), 0.0, 1.0);
  float rise = clamp(up / below, 0.0, 0.9);
  float from = t < end ? end - below * (y + rise * y * (1.0 - y)) : t;
  vec3 lowerSkin = readEye(i, vec2(s, max(from, lids.y + 0.01)));

  float slide = 1.0 - smoothstep(0.62, 1.05, abs(s));
  vec3 ball = readAtlas(vec2(s, t) - eyeDrive[i].zw * slide, ballPlace[i], ballRect[i]).rgb;
  ball *= 1.0 - 0.38 * clamp(3.0 * lid, 0.0, 1.0) * exp(-max(t - edgeUp, 0.0) / 0.12);
  float feather = max(0.9 * pixel / eyeScale[i], 0.02);
  float over = clamp(0.5 + (edgeUp - t) / (2.0 * feather), 0.0, 1.0);
  float beneath = clamp(0.5 + (t - edgeLow) / (2.0 * feather), 0.0, 1.0);
  float between = clamp(1.0 - over - beneath, 0.0, 1.0);
  return upperSkin * over + ball * between + lowerSkin * (1.0 - over - between);
}

// The two switches are 1 or 0: the whole canvas is drawn without either, then their surroundings again with it, because a
// renderer on the processor pays for both sides of every branch.
vec3 skin(vec2 m) {
  vec3 c = readPlate(m);
  if (EYES == 0) return c;
  for (int i = 0; i < 2; i++) {
    vec2 at = toLocal(m, eyeOrigin[i], eyeTurn[i], eyeScale[i]);
    vec4 drive = abs(eyeDrive[i]);
    float awake = max(max(drive.x, drive.y), max(drive.z, drive.w));
    bool wanted = awake > 1e-3 && abs(at.x) < 1.35 && at.y > -1.7 && at.y < 0.95;
    if (wanted) c = mix(c, eyeColour(i, at.x, at.y), min(12.0 * awake, 1.0));
  }
  return c;
}

vec3 inside(vec2 at, float side, float underTop, float overLow) {
  float drop = teeth.x, T = teeth.y, TL = teeth.z, tip = teeth.w, e0 = meeting.x;
  vec3 c = vec3(58.0, 20.0, 22.0) / 255.0 * 0.55 * mouthLight;
  vec2 tongueAt = at - vec2(0.0, e0 + drop * (0.8 - 0.55 * tip) + 0.22 - 0.1 * tip);
  c = overlay(c, tongueAt, tonguePlace, tongueRect, 1.0);
  c = overlay(c, at - vec2(0.0, e0 + drop + 0.05 - 0.16 * TL), teethLowerPlace, teethLowerRect, 1.0);
  if (tongueOut > 0.01) c = overlay(c, tongueAt, tonguePlace, tongueRect, tongueOut);
  c = overlay(c, at - vec2(0.0, e0 + 0.1 - 0.26 * (1.0 - T)), teethUpperPlace, teethUpperRect, 1.0);
  float near = min(side, 1.0);
  float g = (1.0 - 0.5 * exp(-underTop / 0.07)) * (1.0 - 0.45 * exp(-overLow / 0.07)) * (1.0 - 0.5 * pow(near, 2.4));
  c *= pow(vec3(max(g, 1e-3)), vec3(0.75, 1.05, 1.1));
  return mix(c, mouthSkin * vec3(0.42, 0.22, 0.20), 0.75 * smoothstep(0.72, 1.0, side));
}

// How deep in a lip to read for a pixel at a depth inside its edge: never on the edge, and past its dark line.
float pastEdge(float depth, float u, float clean) {
  float near = 1.0 - smoothstep(0.9, 1.0, abs(u));
  float squeezed = depth < SQUEEZE ? clean + depth * (1.0 - clean / SQUEEZE) : depth;
  return mix(depth, max(squeezed, lipEdge.y + clean), near);
}

vec2 lips(float u) { return curve(0, u, LIP_SPAN, 128.0); }
vec2 toMouth(vec2 p) { return toLocal(p, mouthOrigin, mouthTurn, mouthScale); }
vec3 readMouth(vec2 at) { return readPlate(toPlate(at, mouthOrigin, mouthTurn, mouthScale)); }

// The mouth at the unposed place p, over the face drawn so far.
vec3 mouth(vec3 face, vec2 at, vec2 atU, float upper, vec2 mL, float light, float part) {
  vec2 atL = toMouth(mL);
  float lower = lips(atL.x).y;
  float feather = max(0.9 * pixel, 0.011 * mouthScale) / mouthScale;
  float wU = clamp(0.5 + (upper - atU.y) / (2.0 * feather), 0.0, 1.0);
  float wL = clamp(0.5 + (atL.y - lower) / (2.0 * feather), 0.0, 1.0);
  vec2 fromU = vec2(atU.x, upper - pastEdge(upper - atU.y, atU.x, 0.6 * lipEdge.x));
  vec2 fromL = vec2(atL.x, lower + pastEdge(atL.y - lower, atL.x, lipEdge.x));
  vec3 skinU = readMouth(fromU) * light, skinL = readMouth(fromL) * light;
  float gap = clamp(1.0 - wU - wL, 0.0, 1.0);
  vec3 c = mix(skinL, skinU, wU);
  if (gap > 0.0) {
    vec3 dark = inside(at, abs(atU.x), max(atU.y - upper, 0.0), max(lower - atL.y, 0.0));
    c = skinL * (1.0 - wU) + (dark - skinL) * gap + skinU * wU;
  }
  return mix(face, c, part);
}

// A place of the unposed face that the fields may move; q is the same place in their box.
vec3 moving(vec2 p, vec2 q) {
  vec4 moved = textureLod(warp, q, 0.0);
  vec2 mU = p + moved.xy, mL = p + moved.zw;
  vec2 atU = toMouth(mU);
  float upper = lips(atU.x).x;
  vec2 m = atU.y < upper ? mU : mL;
  float light = lightAt(m);
  vec3 face = skin(m) * light;
  if (MOUTH == 0) return face;
  vec2 at = toMouth(p);
  float part = parted * (1.0 - smoothstep(1.2, 1.35, abs(at.x))) * smoothstep(-0.65, -0.5, at.y)
      * (1.0 - smoothstep(0.45, 0.6, at.y - teeth.x));
  return part > 0.0 ? mouth(face, at, atU, upper, mL, light, part) : face;
}

void main() {
  vec2 p = place + textureLod(pose, place, 0.0).xy;
  vec2 q = (p - box.xy) / box.z;
  bool boxed = all(greaterThanEqual(q, vec2(0.0))) && all(lessThanEqual(q, vec2(1.0)));
  colour = vec4(boxed ? moving(p, q) : readPlate(p), 1.0);
}
