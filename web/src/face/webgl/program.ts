/** A compiled shader program with its uniforms by name. */

export class Program {
  private readonly locations = new Map<string, WebGLUniformLocation | null>();

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly handle: WebGLProgram,
  ) {}

  /** Throws with the compiler's own words when a shader is refused. */
  static build(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
    const handle = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(type);
      if (!shader) throw new Error("the graphics context is lost");
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
        throw new Error(`shader: ${gl.getShaderInfoLog(shader)}`);
      gl.attachShader(handle, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(handle);
    if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost())
      throw new Error(`shader: ${gl.getProgramInfoLog(handle)}`);
    return new Program(gl, handle);
  }

  activate(): this {
    this.gl.useProgram(this.handle);
    return this;
  }

  integer(name: string, value: number): this {
    this.gl.uniform1i(this.at(name), value);
    return this;
  }

  number(name: string, value: number): this {
    this.gl.uniform1f(this.at(name), value);
    return this;
  }

  numbers(name: string, values: Float32Array): this {
    this.gl.uniform1fv(this.at(name), values);
    return this;
  }

  /** A vec2, vec3 or vec4, by the number of values. */
  vector(name: string, ...values: readonly number[]): this {
    const [x = 0, y = 0, z = 0, w = 0] = values;
    if (values.length === 2) this.gl.uniform2f(this.at(name), x, y);
    else if (values.length === 3) this.gl.uniform3f(this.at(name), x, y, z);
    else this.gl.uniform4f(this.at(name), x, y, z, w);
    return this;
  }

  /** Binds a texture to a unit and the sampler to that unit. */
  texture(name: string, unit: number, texture: WebGLTexture, target: GLenum = this.gl.TEXTURE_2D): this {
    this.gl.activeTexture(this.gl.TEXTURE0 + unit);
    this.gl.bindTexture(target, texture);
    return this.integer(name, unit);
  }

  private at(name: string): WebGLUniformLocation | null {
    let location = this.locations.get(name);
    if (location === undefined) {
      location = this.gl.getUniformLocation(this.handle, name);
      this.locations.set(name, location);
    }
    return location;
  }
}
