import Diagnostics
import TensorRuntime

/// Named single-precision tensors and a few words about them: the content of a safetensors file.
///
/// The format (huggingface.co/docs/safetensors): eight bytes with the length of the header, little endian; the header, a JSON
/// object that maps each name to `dtype`, `shape` and `data_offsets`, padded with spaces; then the values, row-major and little
/// endian, without holes.
public struct Safetensors: Sendable {
  /// One tensor.
  public struct Tensor: Sendable {
    public let name: String
    public let shape: Shape
    /// Row-major, `shape.count` values.
    public let values: [Float]

    public init(_ name: String, _ shape: Shape, _ values: [Float]) {
      precondition(values.count == shape.count, "a tensor has as many values as its shape says")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// In the order of their values in the file. No name stands twice.
  public let tensors: [Tensor]
  /// Free text by key: what made the file, which epoch it is of.
  public let metadata: [String: String]

  public init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "no name stands twice")
    precondition(!tensors.contains { $0.name == Self.metadataKey }, "\(Self.metadataKey) is not a tensor")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor `name`, or nil.
  public subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The header's key that holds no tensor.
  static let metadataKey = "__metadata__"

  /// Writes the file whole. The same content gives the same bytes.
  ///
  /// - Throws: `DiagnosticFailure` with `run.write_failed`.
  public func write(to path: String) throws {
    let header = header()
    try AtomicFile.write(to: path) { file in
      try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.append($0) }
      try header.withUnsafeBytes { try file.append($0) }
      // Every machine that this runs on is little endian.
      for tensor in tensors { try tensor.values.withUnsafeBytes { try file.append($0) } }
    }
  }

  /// The JSON header, padded so that the values start at a multiple of eight.
  private func header() -> [UInt8] {
    var members: [(key: String, value: JSON)] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      members.append((Self.metadataKey, .object(sorted.map { (key: $0.key, value: .string($0.value)) })))
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * MemoryLayout<Float>.stride
      members.append(
        (
          tensor.name,
          [
            "dtype": "F32", "shape": .array(tensor.shape.extents.map(JSON.integer)),
            "data_offsets": [.integer(offset), .integer(end)],
          ]
        ))
      offset = end
    }
    var bytes = Array(JSON.object(members).text(.compact).utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }
}
