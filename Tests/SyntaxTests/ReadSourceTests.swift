import Diagnostics
import Foundation
import Syntax
import Testing

@Suite final class ReadSourceTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("syntax-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  private func finding(_ path: String, limits: SyntaxLimits = .standard) throws -> Diagnostic {
    let found = findings { _ = try readSource(path: path, limits: limits) }
    #expect(found.count == 1)
    return try #require(found.first)
  }

  @Test func aTextIsReadAndItsByteOrderMarkDropped() throws {
    let source = try readSource(path: file("a.yaml", [0xEF, 0xBB, 0xBF] + Array("a: é\n".utf8)))
    #expect(String(decoding: source.text, as: UTF8.self) == "a: é\n")
    #expect(source.name.hasSuffix("a.yaml"))
  }

  @Test func aTextLargerThanABlockIsReadWhole() throws {
    let bytes = [UInt8](repeating: 0x20, count: 1_048_576)
    #expect(try readSource(path: file("large.yaml", bytes)).text.count == bytes.count)
    #expect(try finding(file("larger.yaml", bytes + [0x20])).id == "file.too_large")
  }

  @Test func filesThatSayTheyAreEmptyAreRead() throws {
    #expect(try readSource(path: "/proc/self/status").text.count > 100)
    #expect(try finding("/proc/self/status", limits: SyntaxLimits(bytes: 50)).id == "file.too_large")
  }

  @Test func aMissingFileNamesItsNeighbour() throws {
    _ = try file("cnn1d.yaml", [0x61])
    let found = try finding(folder.path + "/cnn1.yaml")
    #expect(found.id == "file.missing")
    #expect(found.suggestion == folder.path + "/cnn1d.yaml")
    #expect(try finding(folder.path + "/none/x.yaml").id == "file.missing")
    #expect(try finding(folder.path + "/cnn1d.yaml/x.yaml").id == "file.missing")
    #expect(try finding("").id == "file.missing")
    #expect(try finding("a\0b").id == "file.missing")
  }

  @Test func foldersPipesAndDevicesAreRefusedWithoutWaiting() throws {
    #expect(try finding(folder.path).id == "file.folder")
    #expect(try finding("/dev/zero").id == "file.unreadable")
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(try finding(pipe).id == "file.unreadable")
  }

  @Test func aFileThatCannotBeOpenedIsUnreadable() throws {
    let path = try file("secret.yaml", [0x61])
    try #require(chmod(path, 0) == 0)
    // The superuser may read everything.
    if geteuid() != 0 { #expect(try finding(path).id == "file.unreadable") }
    let loop = folder.path + "/loop"
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    #expect(try finding(loop).id == "file.unreadable")
  }

  @Test func anEmptyFileIsNamed() throws {
    #expect(try finding(file("empty.yaml", [])).id == "file.empty")
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xC3, 0x28], "1:4-1:5"),
      (Array("é: 1\nb: ".utf8) + [0xFF], "2:4-2:5"),
      (Array("é: ".utf8) + [0xED, 0xA0, 0x80], "1:4-1:5"),
      ([0x61, 0xC0, 0xAF], "1:2-1:3"),
      ([0x61, 0xF4, 0x90, 0x80, 0x80], "1:2-1:3"),
      ([0x61, 0x62, 0xE2, 0x82], "1:3-1:4"),
    ] as [([UInt8], String)])
  func aByteThatIsNoUTF8IsShown(_ bytes: [UInt8], _ place: String) throws {
    let found = try finding(file("bad.yaml", bytes))
    #expect(found.id == "file.encoding")
    #expect(found.span.map(brief) == place)
  }

  @Test(
    arguments: [
      [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x61, 0x00, 0x3A, 0x00], [0xFF, 0xFE, 0x00, 0x00],
    ] as [[UInt8]])
  func otherEncodingsAreNamed(_ bytes: [UInt8]) throws {
    let found = try finding(file("wide.yaml", bytes))
    #expect(found.id == "file.encoding")
    #expect(found.summary.contains("UTF-16") || found.summary.contains("UTF-32"))
  }
}
