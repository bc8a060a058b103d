import Diagnostics
import TensorRuntime

extension Safetensors {
  /// No header may be longer, as in the reference implementation: a damaged length must not ask for all memory.
  private static let longestHeader = 100_000_000

  /// Reads a file whole and checks it first: a damaged file is an error, never a trap.
  ///
  /// - Throws: `DiagnosticFailure`: `run.read_failed` where the file cannot be read, `run.checkpoint_damaged` where it is not what the
  ///   format asks for, `run.checkpoint_type` where it holds other values than F32.
  public static func read(_ path: String) throws -> Safetensors {
    let file = try ReadableFile(path)
    guard file.count >= 8 else {
      throw damaged(path, "It has \(file.count) bytes, fewer than the header's length takes.")
    }
    let lengthBytes = try file.bytes(at: 0, count: 8)
    let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(longestHeader, file.count - 8)) else {
      throw damaged(path, "Its header would be \(length) bytes long, but the file has only \(file.count).")
    }
    let header = try header(of: file, count: Int(length))
    let start = 8 + Int(length)
    let entries = try entries(of: header, dataCount: file.count - start, path: path)
    return Safetensors(
      try entries.map { entry in
        Tensor(entry.name, entry.shape, try file.floats(at: start + entry.start, count: entry.shape.count))
      }, metadata: try metadata(of: header, path: path))
  }

  private struct Entry {
    let name: String
    let shape: Shape
    /// Of the values, in bytes from the end of the header.
    let start: Int
    let end: Int
  }

  private static func header(of file: ReadableFile, count: Int) throws -> JSON {
    let bytes = try file.bytes(at: 8, count: count)
    guard bytes.first == UInt8(ascii: "{") else { throw damaged(file.path, "Its header does not start with '{'.") }
    let header: JSON
    do {
      header = try JSON.parse(bytes)
    } catch {
      throw damaged(file.path, "Its header is not JSON: \(error).")
    }
    return header
  }

  private static func metadata(of header: JSON, path: String) throws -> [String: String] {
    guard let metadata = header[metadataKey] else { return [:] }
    let members = metadata.asObject ?? []
    let texts = members.compactMap { member in member.value.asString.map { (member.key, $0) } }
    guard metadata.asObject != nil, texts.count == members.count else {
      throw damaged(path, "Its \(metadataKey) is not a mapping from texts to texts.")
    }
    return Dictionary(uniqueKeysWithValues: texts)
  }

  /// The tensors by the order of their values, checked to fill the rest of the file without holes or overlaps.
  private static func entries(of header: JSON, dataCount: Int, path: String) throws -> [Entry] {
    var entries: [Entry] = []
    for (name, value) in header.asObject ?? [] where name != metadataKey {
      entries.append(try entry(name, value, path: path))
    }
    entries.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var position = 0
    for entry in entries {
      guard entry.start == position else {
        let what = entry.start < position ? "overlap those of another tensor" : "leave a hole before them"
        throw damaged(path, "The values of '\(entry.name)' \(what).")
      }
      position = entry.end
    }
    guard position == dataCount else {
      throw damaged(path, "Its header speaks of \(position) bytes of values, but there are \(dataCount).")
    }
    return entries
  }

  private static func entry(_ name: String, _ value: JSON, path: String) throws -> Entry {
    guard let type = value["dtype"]?.asString, let shape = value["shape"]?.asArray,
      let offsets = value["data_offsets"]?.asArray, offsets.count == 2,
      let start = offsets[0].asInteger, let end = offsets[1].asInteger
    else { throw damaged(path, "The entry '\(name)' of its header lacks dtype, shape or data_offsets.") }
    guard type == "F32" else {
      throw DiagnosticFailure([
        Diagnostic(
          "run.checkpoint_type", .error, "'\(path)' holds values of type \(type)",
          detail: "Expected F32, found \(type) in the tensor '\(name)'. Convert the file to single precision first.")
      ])
    }
    var byteCount = MemoryLayout<Float>.stride
    var extents: [Int] = []
    for item in shape {
      guard let extent = item.asInteger, extent >= 0 else {
        throw damaged(path, "The shape of '\(name)' is not a list of whole numbers.")
      }
      let (product, overflows) = byteCount.multipliedReportingOverflow(by: extent)
      if overflows { throw damaged(path, "The shape of '\(name)' is larger than any memory.") }
      byteCount = product
      extents.append(extent)
    }
    guard start >= 0, end >= start, end - start == byteCount else {
      throw damaged(path, "The shape of '\(name)' takes \(byteCount) bytes, its data_offsets are [\(start), \(end)].")
    }
    return Entry(name: name, shape: Shape(extents), start: start, end: end)
  }

  private static func damaged(_ path: String, _ finding: String) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "run.checkpoint_damaged", .error, "'\(path)' is not a whole safetensors file",
        detail: "\(finding) Take another copy, or train again with --force.")
    ])
  }
}
