import Diagnostics

/// What can be wrong with a sound file; each becomes a `data.*` diagnostic that names the file.
enum AudioProblem: Error {
  case missing
  case notAFile(String)
  case unreadable(String)
  case emptyFile
  /// With the name of what it is instead, where that is known.
  case unknownFormat(String?)
  case unsupportedEncoding(String)
  case damagedHeader(String)
  /// `found` is nil where it is less, but not known how much.
  case truncated(expected: Int, found: Int?, unit: String)
  case damagedSamples(String)
  case lengthUnknown
  case noSamples
  case notFinite(channel: Int, frame: Int)
  case silent
  case oneSample
  case tooLong(frames: Int, channels: Int)

  /// The finding about the file at `path`.
  func diagnostic(path: String) -> Diagnostic {
    let (id, summary, detail) = parts
    return Diagnostic(id, .error, "\(path): \(summary)", detail: detail)
  }

  private static let accepted = "serspec reads WAV (PCM of 8, 16, 24 or 32 bits, float of 32 or 64) and FLAC."

  private var parts: (id: String, summary: String, detail: String) {
    switch self {
    case .missing:
      return ("data.audio_missing", "there is no such file", "Check the corpus folder and the name.")
    case .notAFile(let kind):
      return ("data.audio_not_a_file", "this is \(kind), not a file", "A clip must be a regular file. \(Self.accepted)")
    case .unreadable(let reason):
      return ("data.audio_unreadable", "the file cannot be read: \(reason)", "Check its permissions and the disk.")
    case .emptyFile:
      return ("data.audio_empty_file", "the file is empty (0 bytes)", "Get it again from the corpus, or leave it out.")
    case .unknownFormat(let found):
      return (
        "data.audio_unknown_format", "this is neither WAV nor FLAC\(found.map { ", but \($0)" } ?? "")",
        "\(Self.accepted) Convert the file, or leave it out."
      )
    case .unsupportedEncoding(let found):
      return (
        "data.audio_unsupported_encoding", "the encoding is not supported: \(found)",
        "\(Self.accepted) Convert the file."
      )
    case .damagedHeader(let what):
      return (
        "data.audio_damaged_header", "the header is damaged: \(what)",
        "Get the file again from the corpus, or leave it out."
      )
    case .truncated(let expected, let found, let unit):
      let held = found.map { "\($0)" } ?? "fewer"
      return (
        "data.audio_truncated", "the file is cut short: \(held) of \(expected) \(unit)",
        "The header announces \(expected) \(unit) of sound, the file holds \(held). Get it again from the corpus, or leave it out."
      )
    case .damagedSamples(let what):
      return (
        "data.audio_damaged_samples", "the sound is damaged: \(what)",
        "Get the file again from the corpus, or leave it out."
      )
    case .lengthUnknown:
      return (
        "data.audio_length_unknown", "the header does not say how long the sound is",
        "Files written to a pipe have such headers. Convert the file once more, to a file."
      )
    case .noSamples:
      return (
        "data.audio_no_samples", "the file has a header but no samples",
        "Get it again from the corpus, or leave it out."
      )
    case .notFinite(let channel, let frame):
      return (
        "data.audio_not_finite", "sample \(frame) of channel \(channel + 1) is not a finite number",
        "All samples must be finite. Convert the file again from its source, or leave it out."
      )
    case .silent:
      return (
        "data.audio_silent", "the clip is silent: all its samples are the same",
        "There is nothing to learn from it, and its features would not be defined. Leave it out."
      )
    case .oneSample:
      return ("data.audio_too_short", "the clip has a single sample", "No feature is defined for it. Leave it out.")
    case .tooLong(let frames, let channels):
      return (
        "data.audio_too_long",
        "the clip is too long: \(frames) samples in \(channels) channel\(channels == 1 ? "" : "s")",
        "At most \(AudioDecoder.largestSampleCount) samples over all channels are read. Cut the recording into utterances."
      )
    }
  }
}
