import Audio
import Foundation
import TestSupport
import Testing

/// What stands where a sound file should.
@Suite struct BadFileTests {
  @Test(arguments: [
    ("text named .wav", "This is not a sound.\n", "text"),
    ("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "git lfs pull"),
    ("a web page", "<!DOCTYPE html><html><body>404</body></html>", "a web page"),
    ("Ogg", "OggS\0\u{2}\0\0\0\0\0\0\0\0\u{1}vorbis", "Ogg"),
    ("MP3 behind a tag", "ID3\u{4}\0\0\0\0\0\0", "MP3"),
    ("AIFF", "FORM\0\0\0\u{10}AIFFCOMM", "AIFF"),
    ("AVI", "RIFF\u{4}\0\0\0AVI LIST", "AVI"),
    ("MP4", "\0\0\0\u{20}ftypM4A \0\0\0\0", "MP4"),
    ("zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "zeros"),
    ("big-endian WAV", "RIFX\0\0\0\u{10}WAVEfmt ", "big-endian"),
  ])
  func isNamed(what: String, text: String, name: String) throws {
    let outcome = try SoundFile.read(Array(text.utf8))
    #expect(outcome.id == "data.audio_unknown_format", "\(what)")
    #expect(outcome.summary.contains(name), "\(outcome.summary)")
  }

  @Test func mp3ByItsFirstFrame() throws {
    let outcome = try SoundFile.read([0xFF, 0xFB, 0x90, 0x64] + [UInt8](repeating: 0, count: 413))
    #expect(outcome.id == "data.audio_unknown_format")
    #expect(outcome.summary.contains("MP3"))
  }

  @Test func bytesThatAreNothing() throws {
    let outcome = try SoundFile.read((0..<500).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 131) })
    #expect(outcome.id == "data.audio_unknown_format")
  }

  @Test("a folder, a FIFO, a device and a socket do not hang")
  func noFiles() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("folder.wav"), withIntermediateDirectories: false)
    try #require(mkfifo(folder.file("pipe.wav"), 0o600) == 0)
    symlink("/dev/zero", folder.file("device.wav"))
    for name in ["folder.wav", "pipe.wav", "device.wav"] {
      #expect(try SoundFile.read(path: folder.file(name)).id == "data.audio_not_a_file", "\(name)")
    }
  }

  @Test("links: a loop, to nothing, and to a file")
  func links() throws {
    let folder = try TemporaryFolder()
    symlink("b.wav", folder.file("a.wav"))
    symlink("a.wav", folder.file("b.wav"))
    symlink("nowhere", folder.file("c.wav"))
    symlink(Fixture.path("pcm16.wav"), folder.file("d.wav"))
    #expect(try SoundFile.read(path: folder.file("a.wav")).id == "data.audio_unreadable")
    #expect(try SoundFile.read(path: folder.file("c.wav")).id == "data.audio_missing")
    #expect(try SoundFile.read(path: folder.file("d.wav")).samples?.count == 600)
  }

  @Test(
    "a file that one may not read",
    .disabled(if: geteuid() == 0, "root may read every file"))
  func permissions() throws {
    let folder = try TemporaryFolder()
    try Data(contentsOf: URL(fileURLWithPath: Fixture.path("pcm16.wav")))
      .write(to: URL(fileURLWithPath: folder.file("a.wav")))
    chmod(folder.file("a.wav"), 0)
    #expect(try SoundFile.read(path: folder.file("a.wav")).id == "data.audio_unreadable")
  }
}
