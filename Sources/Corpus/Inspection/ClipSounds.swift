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
