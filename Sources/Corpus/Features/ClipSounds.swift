import Audio
import Diagnostics
import Spec

/// The sound of a corpus's clips, from files or made on the spot.
public struct ClipSounds: Sendable {
  private let synthesizer: SpeechSynthesizer?

  /// - Throws: `DiagnosticFailure` where `clips` are synthesized and the corpus does not say how.
  public init(corpus: CorpusSpec, clips: [ClipReference]) throws {
    synthesizer = clips.contains { $0.audio == .synthesized } ? try SpeechSynthesizer(corpus: corpus) : nil
  }

  /// Where the sound of `clip` comes from, with what tells it from others.
  public func source(of clip: ClipReference) -> ClipSource {
    if case .file(let path) = clip.audio { return .file(path) }
    let identity =
      clip.audio == .synthesized ? synthesizer.map { ClipSource.Identity.made($0.identity(of: clip)) } : nil
    return ClipSource(name: clip.relativePath, identity: identity ?? .unknown) { try load(clip).0 }
  }

  /// The decoded clip, and how its file keeps it; the format is nil for sound that is synthesized.
  ///
  /// - Throws: `DiagnosticFailure` (`data.audio_*`) that names the file.
  public func load(_ clip: ClipReference) throws -> (Clip, AudioFormat?) {
    switch clip.audio {
    case .file(let path):
      let file = try AudioDecoder.read(path: path)
      return (file.clip, file.format)
    case .synthesized:
      if let synthesizer {
        return (Clip(channels: [synthesizer.samples(for: clip)], rate: SpeechSynthesizer.rate), nil)
      }
    case .absent: break
    }
    throw DiagnosticFailure(
      Diagnostic("data.audio_absent", "\(clip.relativePath): there is no audio of this clip, only its name"))
  }
}
