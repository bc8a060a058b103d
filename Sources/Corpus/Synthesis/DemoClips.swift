import Diagnostics
import Spec

extension SpeechSynthesizer {
  /// The corpus's clips: every speaker says every sentence in every class once. Sorted as `scan` sorts; nothing is made yet.
  public func clips() throws -> [ClipReference] {
    var collector = try NameCollector(corpus)
    let ending = corpus.extensions.first ?? "wav"
    for speaker in 1...values.integer("speakers") {
      for sentence in Sentence.all.prefix(values.integer("sentences")) {
        for entry in corpus.classes {
          // Fields that say nothing here, such as an intensity, read XX.
          var fields = Array(repeating: "XX", count: pattern.fields.count)
          if let speakerIndex = layout.speakerIndex { fields[speakerIndex] = "\(1000 + speaker)" }
          fields[sentenceIndex] = sentence.code
          fields[layout.labelIndex] = entry.code.value
          collector.add("\(pattern.name(fields)).\(ending)", audio: .synthesized)
        }
      }
    }
    return try collector.finish(place: "the synthesized corpus").clips
  }
}

/// The clips of a synthesized corpus, to be made in memory by `SpeechSynthesizer.samples`. Throws as its `init` does.
public func demoClips(corpus: CorpusSpec) throws -> [ClipReference] {
  try SpeechSynthesizer(corpus: corpus).clips()
}
