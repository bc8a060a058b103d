import Diagnostics
import Foundation
import TensorRuntime
import TestSupport
import Testing
import Training

@Suite struct SafetensorsTests {
  private let example = Safetensors(
    [
      .init("z.weight", [2, 3], [1, 2, 3, 4, 5, 6]), .init("a.bias", [1], [-0.5]), .init("scalar", [], [.infinity]),
      .init("empty", [0, 4], []), .init("naïve \"name\"", [2], [.leastNonzeroMagnitude, 1e30]),
    ], metadata: ["epoch": "12", "a": "b"])

  @Test func readsWhatPythonWrote() throws {
    let file = try Safetensors.read(Fixture.path("python.safetensors"))
    #expect(file.metadata == ["epoch": "7", "note": "quotes \" and ü"])
    #expect(file.tensors.map(\.name).sorted() == ["bias", "empty", "scalar", "time_path.conv1d.weight"])
    let weight = try #require(file["time_path.conv1d.weight"])
    #expect(weight.shape == [2, 3, 4])
    #expect(weight.values == (0..<24).map { Float($0) / 8 })
    #expect(file["bias"]?.values.map(\.bitPattern) == [Float(0.1), -1e-30, .infinity, -0.0].map(\.bitPattern))
    #expect(file["scalar"]?.values == [2.5])
    #expect(file["scalar"]?.shape == [])
    #expect(file["empty"]?.shape == [0, 3])
  }

  @Test func writesTheBytesThatPythonWrites() throws {
    let folder = try TemporaryFolder()
    let path = Fixture.path("python.safetensors")
    try Safetensors.read(path).write(to: folder.file("again"))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("again"))) == Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test func readsWhatItWrote() throws {
    let folder = try TemporaryFolder()
    try example.write(to: folder.file("w.safetensors"))
    let back = try Safetensors.read(folder.file("w.safetensors"))
    #expect(back.tensors.map(\.name).sorted() == example.tensors.map(\.name).sorted())
    for tensor in example.tensors {
      #expect(back[tensor.name]?.values.map(\.bitPattern) == tensor.values.map(\.bitPattern))
      #expect(back[tensor.name]?.shape == tensor.shape)
    }
    #expect(back.metadata == example.metadata)
  }

  @Test func theHeaderIsPaddedToEight() throws {
    let folder = try TemporaryFolder()
    for length in 1...9 {
      let path = folder.file("w")
      try Safetensors([.init(String(repeating: "n", count: length), [1], [1])]).write(to: path)
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(bytes[0] % 8 == 0)
      #expect(bytes.count == 8 + Int(bytes[0]) + 4)
    }
  }

  private static let good = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

  /// The reason that an error gives for a file of `header` and `count` bytes of values.
  private func refusal(_ header: String, values count: Int, length: UInt64? = nil) throws -> Diagnostic {
    let folder = try TemporaryFolder()
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) }
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: count)
    try AtomicFile.write(bytes, to: folder.file("w"))
    let failure = try #require(throws: DiagnosticFailure.self) { try Safetensors.read(folder.file("w")) }
    return try #require(failure.diagnostics.first)
  }

  @Test(
    arguments: [
      ("", 0, nil, "does not start"), ("[]", 0, nil, "does not start"), ("{", 0, nil, "not JSON"),
      (good, 7, nil, "8 bytes of values"), (good, 9, nil, "8 bytes of values"), (good, 8, 1 << 40, "bytes long"),
      (good, 8, .max, "bytes long"), (good, 8, 10, "not JSON"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, nil, "takes 8 bytes"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, nil, "takes 8 bytes"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, 8, nil, "takes 8 bytes"),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, nil, "whole numbers"),
      (#"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#, 8, nil, "whole numbers"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, nil, "larger than"),
      (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, nil, "lacks"), (#"{"a":3}"#, 8, nil, "lacks"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, nil, "hole"),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
        12, nil,
        "overlap"
      ), (#"{"__metadata__":{"a":1}}"#, 0, nil, "texts to texts"), (#"{"__metadata__":"a"}"#, 0, nil, "texts to texts"),
      (#"{"__metadata__":{"a":"1","a":"1"}}"#, 0, nil, "stands twice"),
    ] as [(String, Int, UInt64?, String)])
  func damagedFilesAreErrors(header: String, values: Int, length: UInt64?, reason: String) throws {
    let diagnostic = try refusal(header, values: values, length: length)
    #expect(diagnostic.id == "run.checkpoint_damaged")
    #expect(diagnostic.detail?.contains(reason) == true, "\(diagnostic.detail ?? "")")
  }

  @Test func otherTypesAreNamed() throws {
    let diagnostic = try refusal(#"{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}"#, values: 4)
    #expect(diagnostic.id == "run.checkpoint_type")
    #expect(diagnostic.summary.contains("BF16"))
  }

  @Test func everyCutIsAnError() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("python.safetensors")))
    let folder = try TemporaryFolder()
    for count in stride(from: 0, to: bytes.count, by: 3) {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: folder.file("w")))
      #expect(throws: DiagnosticFailure.self) { try Safetensors.read(folder.file("w")) }
    }
  }

  @Test func everyFlippedHeaderByteIsReadOrRefused() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Fixture.path("python.safetensors"))))
    let folder = try TemporaryFolder()
    var refused = 0
    for index in 0..<0x148 {
      var damaged = bytes
      damaged[index] ^= [0x01, 0x10, 0x80][index % 3]
      try Data(damaged).write(to: URL(fileURLWithPath: folder.file("w")))
      do {
        _ = try Safetensors.read(folder.file("w"))
      } catch is DiagnosticFailure {
        refused += 1
      }
    }
    // Flips within names and free text make another file that is whole.
    #expect(refused > 200)
  }

  @Test func aFolderIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DiagnosticFailure.self) { try Safetensors.read(folder.path) }
  }
}
