// The records of a run as far as they have come, in typed arrays that grow by doubling.

const TYPED = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
};

/** {header, arrays: {name: {data, shape}}} as views of the bytes that `pack` made. */
function unpack(bytes) {
  // Typed arrays need their own alignment, which a view into a message may not have.
  const aligned = bytes.byteOffset % 8 ? bytes.slice() : bytes;
  const { buffer, byteOffset } = aligned;
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const body = byteOffset + Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const size = shape.reduce((product, axis) => product * axis, 1);
    arrays[name] = { data: new TYPED[dtype](buffer, body + offset, size), shape };
  }
  delete header.arrays;
  return { header, arrays };
}

class Records {
  constructor(total) {
    this.total = total;
    this.n = 0;
    this.end = "";
    this.notes = [];
    this.arrays = new Map();
  }

  /** Whether nothing more can come. */
  get complete() {
    return this.end !== "" || this.n >= this.total;
  }

  /** The last record there is or will be, as far as known. */
  get last() {
    return this.complete ? this.n - 1 : this.total - 1;
  }

  /** Take what is new in an answer; a range that would leave a gap is not taken. */
  append({ header, arrays }) {
    const { first, stop } = header;
    if (first > this.n) return false;
    const fresh = stop - this.n;
    if (fresh > 0) {
      for (const [name, array] of Object.entries(arrays)) this.extend(name, array, first, stop);
      this.notes.push(...header.notes.filter(([record]) => record >= this.n));
      this.n = stop;
    }
    const ended = header.end !== "" && stop >= this.n && this.end === "";
    if (ended) this.end = header.end;
    return fresh > 0 || ended;
  }

  extend(name, { data, shape }, first, stop) {
    const size = shape.slice(1).reduce((product, axis) => product * axis, 1);
    if (!this.arrays.has(name)) {
      this.arrays.set(name, { data: new data.constructor(0), shape: shape.slice(1), size });
    }
    const held = this.arrays.get(name);
    if (held.data.length < stop * size) {
      const room = Math.min(Math.max(2 * this.n, stop, 64), Math.max(this.total, stop));
      const grown = new data.constructor(room * size);
      grown.set(held.data.subarray(0, this.n * size));
      held.data = grown;
    }
    held.data.set(data.subarray((this.n - first) * size), this.n * size);
  }

  /** One record's slice of an array, without copying; undefined where there is none. */
  get(name, record) {
    const held = this.arrays.get(name);
    return held?.data.subarray(record * held.size, (record + 1) * held.size);
  }

  /** One number of a record, for curves and the status line. */
  value({ array, index = 0 }, record) {
    const held = this.arrays.get(array);
    return held ? held.data[record * held.size + index] : NaN;
  }
}
