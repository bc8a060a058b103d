/// Names of what is found where a WAV or FLAC file should be: a message that names it is half the cure.
enum ForeignFormat {
  /// What begins with `start`; nil where it is nothing known.
  static func name(of start: HeaderBytes) -> String? {
    if start.text(0..<4) == "RIFF" {
      let kind = start.isPrintable(8..<12) ? start.text(8..<12).filter { $0 != " " } : ""
      return kind.isEmpty ? nil : "a RIFF file of kind \(kind)"
    }
    if let found = beginnings.first(where: { start.begins(with: Array($0.bytes)) }) { return found.name }
    if start.text(4..<8) == "ftyp" { return "MP4 or M4A" }
    // Eleven set bits, then version, layer and rates that are not reserved.
    if start.count >= 4, start.byte(0) == 0xFF, start.byte(1) & 0xE0 == 0xE0, start.byte(1) & 0x06 != 0,
      start.byte(2) & 0xF0 != 0xF0
    {
      return "MP3"
    }
    if (0..<start.count).allSatisfy({ start.byte($0) == 0 }) { return "a file of zeros" }
    let isText = (0..<start.count).allSatisfy { start.byte($0) >= 0x20 || (9...13).contains(start.byte($0)) }
    return isText ? "text" : nil
  }

  private static let beginnings: [(bytes: String.UTF8View, name: String)] = [
    ("version https://git-lfs", "a pointer of Git LFS, not the sound itself: fetch it with `git lfs pull`"),
    ("OggS", "Ogg"), ("ID3", "MP3"), ("RIFX", "WAV in big-endian order (RIFX)"), ("FORM", "AIFF"), ("caff", "CAF"),
    ("riff", "Wave64"), (".snd", "AU"), ("NIST_1A", "NIST SPHERE"), ("PK\u{3}\u{4}", "a ZIP archive"),
    ("\u{1A}E", "Matroska or WebM"), ("<!", "a web page"), ("<html", "a web page"),
  ].map { ($0.0.utf8, $0.1) }
}
