// The Earth: an ellipsoid with day, night lights and a soft edge of air, lit from where the Sun is.

import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  ClampToEdgeWrapping,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  NoColorSpace,
  RepeatWrapping,
  ShaderMaterial,
  Texture,
  Vector3,
} from "three";
import { onGround } from "./sheet_path";

const COLUMNS = 128;
const ROWS = 64;

const VERTEX = `
  varying vec2 at;
  varying vec3 up;
  varying vec3 seen;
  void main() {
    at = uv;
    vec4 place = modelMatrix * vec4(position, 1.0);
    up = normalize(mat3(modelMatrix) * normalize(position));
    seen = normalize(cameraPosition - place.xyz);
    gl_Position = projectionMatrix * viewMatrix * place;
  }`;

const FRAGMENT = `
  uniform sampler2D day;
  uniform sampler2D night;
  uniform vec3 sun;
  uniform float isReady;
  varying vec2 at;
  varying vec3 up;
  varying vec3 seen;
  void main() {
    vec3 ground = mix(vec3(0.10, 0.16, 0.24), texture2D(day, at).rgb, isReady);
    ground = mix(ground, vec3(dot(ground, vec3(0.3, 0.59, 0.11))), 0.18);
    float lights = texture2D(night, at).r * isReady;
    float height = dot(up, sun);
    float lit = smoothstep(-0.10, 0.16, height);
    vec3 dark = ground * vec3(0.13, 0.16, 0.24) + vec3(1.0, 0.83, 0.55) * lights * 1.1;
    vec3 colour = mix(dark, ground * (0.80 + 0.55 * max(height, 0.0)) + 0.015, lit);
    float edge = pow(1.0 - max(dot(up, seen), 0.0), 3.0);
    colour += vec3(0.28, 0.48, 0.80) * edge * (0.12 + 0.75 * lit);
    gl_FragColor = vec4(colour, 1.0);
  }`;

function ellipsoid(): BufferGeometry {
  const places: number[] = [];
  const uvs: number[] = [];
  const faces: number[] = [];
  for (let i = 0; i <= ROWS; i += 1) {
    for (let j = 0; j <= COLUMNS; j += 1) {
      const [u, v] = [j / COLUMNS, 1 - i / ROWS];
      places.push(...onGround(v * 180 - 90, u * 360 - 180));
      uvs.push(u, v);
      if (i === ROWS || j === COLUMNS) continue;
      const a = i * (COLUMNS + 1) + j;
      const b = a + COLUMNS + 1;
      faces.push(a, b, a + 1, b, b + 1, a + 1);
    }
  }
  const made = new BufferGeometry();
  made.setAttribute("position", new BufferAttribute(new Float32Array(places), 3));
  made.setAttribute("uv", new BufferAttribute(new Float32Array(uvs), 2));
  made.setIndex(faces);
  return made;
}

/** The picture that the document carries as data; the policy of the document allows no image of any address. */
async function picture(id: string): Promise<Texture> {
  const text = document.getElementById(`texture-${id}`)?.textContent ?? "";
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/webp" }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const made = new CanvasTexture(canvas);
  made.colorSpace = NoColorSpace;
  made.wrapS = RepeatWrapping;
  made.wrapT = ClampToEdgeWrapping;
  made.minFilter = LinearMipmapLinearFilter;
  made.magFilter = LinearFilter;
  return made;
}

export class Earth {
  readonly mesh: Mesh;
  private readonly material: ShaderMaterial;

  constructor(onReady: () => void, anisotropy: number) {
    this.material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        day: { value: null },
        night: { value: null },
        sun: { value: new Vector3(1, 0, 0) },
        isReady: { value: 0 },
      },
    });
    this.mesh = new Mesh(ellipsoid(), this.material);
    void Promise.all([picture("day"), picture("night")]).then(([day, night]) => {
      day.anisotropy = night.anisotropy = anisotropy;
      this.set("day", day);
      this.set("night", night);
      this.set("isReady", 1);
      onReady();
    });
  }

  light(x: number, y: number, z: number): void {
    (this.material.uniforms["sun"]?.value as Vector3).set(x, y, z);
  }

  private set(name: string, value: unknown): void {
    const uniform = this.material.uniforms[name];
    if (uniform) uniform.value = value;
  }
}
