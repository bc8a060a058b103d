import Diagnostics
import Foundation
import Spec

/// Makes the clips of a corpus whose audio is not recorded: speech-like sounds by the source-filter model, each in the
/// speaking style of its class.
///
/// A clip depends on the corpus's `synthesize` and on its own name, nothing else: not on other clips or on threads. (Sine
/// and exponential come from the C library, whose last bit may differ between versions.)
public struct SpeechSynthesizer: Sendable {
  /// Samples a second.
  public static let rate = 16_000
  /// Clips that a corpus can have.
  static let mostClips = 100_000

  private let seed: Int
  private let strength: Float
  private let variation: Float
  private let styles: [String: SpeakingStyle]
  let layout: CorpusLayout
  let pattern: NamePattern
  let sentenceIndex: Int
  let corpus: CorpusSpec
  let values: FieldValues

  /// Throws a `DiagnosticFailure` where `corpus` is not one that is synthesized (`corpus.not_synthesized`), a class has no style
  /// (`corpus.style_missing`), a style belongs to no class (`corpus.style_unknown`), or the name pattern lacks the speaker
  /// or the sentence (`corpus.field_unknown`).
  public init(corpus: CorpusSpec) throws {
    guard let values = corpus.synthesizer else {
      throw DiagnosticFailure([
        Diagnostic(
          "corpus.not_synthesized", .error, "the audio of corpus '\(corpus.name)' is recorded, not synthesized",
          detail: "Only a corpus whose file has `synthesize` can be made.", at: corpus.span)
      ])
    }
    guard let written = corpus.pattern, corpus.table == nil else {
      throw DiagnosticFailure([
        Diagnostic(
          "corpus.field_unknown", .error, "a synthesized corpus needs a name pattern, and no table",
          detail: "Its clips are named by the pattern.", at: corpus.table?.file.span ?? corpus.span)
      ])
    }
    layout = try CorpusLayout(corpus)
    let pattern = try NamePattern(written)
    self.pattern = pattern
    var problems: [Diagnostic] = []
    let sentenceField = values.string("sentence_field")
    let sentenceIndex = pattern.fields.firstIndex(of: sentenceField)
    if sentenceIndex == nil || layout.speakerIndex == nil {
      let missing =
        sentenceIndex == nil ? "the field '\(sentenceField)' that `sentence_field` names" : "a `speaker` field"
      problems.append(
        Diagnostic(
          "corpus.field_unknown", .error, "a synthesized corpus needs \(missing) in its names",
          detail:
            "The pattern `\(pattern.text)` has the fields \(pattern.fields.joined(separator: ", ")).",
          at: values["sentence_field"].writtenSpan ?? written.span))
    }
    var styles: [String: SpeakingStyle] = [:]
    for (key, value) in values.dictionary("styles") {
      guard case .group(let style) = value.content else { continue }
      styles[key.value] = SpeakingStyle(style)
      if !corpus.classes.contains(where: { $0.code.value == key.value }) {
        problems.append(
          Diagnostic(
            "corpus.style_unknown", .error, "the style '\(key.value)' belongs to no class",
            detail: "The class codes are \(corpus.classes.map(\.code.value).joined(separator: ", ")).", at: key.span))
      }
    }
    for entry in corpus.classes where styles[entry.code.value] == nil {
      problems.append(
        Diagnostic(
          "corpus.style_missing", .error, "class '\(entry.code.value)' has no speaking style",
          detail: "Add it to `synthesize.styles`; `\(entry.code.value): {}` is the speaker's neutral voice.",
          at: entry.code.span))
    }
    let clips = values.integer("speakers") * values.integer("sentences") * corpus.classes.count
    if clips > Self.mostClips {
      problems.append(
        Diagnostic(
          "limit.clips", "the synthesized corpus has \(clips) clips",
          detail: "At most \(Self.mostClips) are made. Use fewer speakers, sentences or classes.", at: corpus.span))
    }
    guard let sentenceIndex, problems.isEmpty else { throw DiagnosticFailure(problems) }
    self.sentenceIndex = sentenceIndex
    self.corpus = corpus
    self.values = values
    self.styles = styles
    seed = values.integer("seed")
    strength = Float(values.number("strength"))
    variation = Float(values.number("variation"))
  }

  /// The audio of `clip`, mono at 16 kHz within [-1, 1], rounded to 16 bits so that it equals what reading the written file
  /// gives. With `seconds`, exactly that long (to a sample).
  public func samples(for clip: ClipReference, seconds: Double? = nil) -> [Float] {
    synthesize(clip, seconds: seconds).map { Float($0) / 32_768 }
  }

  /// Everything that `samples(for:)` of `clip` depends on, as text: equal texts, equal samples.
  public func identity(of clip: ClipReference) -> String {
    let settings = ChainText.lines(values, at: "synthesize").filter { line in
      !["speakers", "sentences"].contains { line.hasPrefix("synthesize.\($0) ") }
    }
    let fields = clip.fields.map { "\($0.name) = \(String(reflecting: $0.value))" }
    return
      (["synthesizer \(Self.version)", "speaker \(clip.speaker ?? "")", "label \(clip.label)"] + fields + settings)
      .joined(separator: "\n")
  }

  /// Raise it by hand with every change of the synthesizer after which some clip has other samples.
  private static let version = 1

  /// The same as 16-bit samples.
  func synthesize(_ clip: ClipReference, seconds: Double? = nil) -> [Int16] {
    let speaker = clip.speaker ?? ""
    let voice = Voice(name: speaker, seed: seed)
    let sentence = Sentence.named(clip.fields[sentenceIndex].value)
    var random = SeededRandom(seed: seed, "take", clip.fields.map(\.value).joined(separator: "/"))
    let style = self.style(of: clip.label, speaker: speaker, voice: voice, &random)
    let sampleCount = seconds.map { max(1, Int(($0 * Double(Self.rate)).rounded())) }
    let frameLength = Int(Utterance.frameSeconds * Float(Self.rate))
    let utterance = Utterance(
      sentence, voice: voice, style: style, frameCount: sampleCount.map { ($0 + frameLength - 1) / frameLength },
      &random)
    let wave = SpeechRenderer.render(
      utterance, voice: voice, style: style, sampleCount: sampleCount ?? utterance.frames.count * frameLength, &random)
    return wave.map { Int16(max(-32_768, min(32_767, ($0 * 32_768).rounded()))) }
  }

  /// How this take sounds: the class's style, as strong as the speaker shows feelings and this take happens to, in the
  /// speaker's own way.
  private func style(
    of label: String, speaker: String, voice: Voice, _ random: inout SeededRandom
  ) -> SpeakingStyle {
    var own = SeededRandom(seed: seed, "style", speaker, label)
    let take = 1 + SpeakingStyle.takeStrengthSpread * variation * random.normal()
    return (styles[label] ?? SpeakingStyle())
      .scaled(
        by: strength * voice.expressiveness * min(1.8, max(0.1, take)), straying: SpeakingStyle.speakerSpread,
        times: variation, &own
      )
      .scaled(by: 1, straying: SpeakingStyle.takeSpread, times: variation, &random)
  }
}
