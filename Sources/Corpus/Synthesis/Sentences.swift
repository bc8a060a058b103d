/// What the demo corpus says: sentences that mean nothing in any language, so that only the voice can tell a feeling.
package struct Sentence: Sendable {
  package struct Sound: Sendable {
    let phone: Phone
    let isStressed: Bool
  }

  /// Three letters, as in file names.
  package let code: String
  /// ARPAbet, with a 1 after stressed vowels.
  package let text: String
  package let sounds: [Sound]

  /// A sentence of ARPAbet sounds between blanks; a 1 after a vowel stresses it. Unknown sounds are left out.
  init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
    sounds = text.split(separator: " ").compactMap { word in
      let isStressed = word.hasSuffix("1")
      return Phone.all[String(isStressed ? word.dropLast() : word)].map { Sound(phone: $0, isStressed: isStressed) }
    }
  }

  package static let all: [Sentence] = [
    Sentence("BAL", "B AE1 L UH M IY K AA1 N EH T OW1 S IH D UW"),
    Sentence("DOR", "D OW1 R IH F EH1 S AH L IY1 M AH N EY"),
    Sentence("FEN", "F EH1 N AA T UW K IH1 L OW B AY1 R AH"),
    Sentence("GUM", "G AH1 M IH S EY1 P OW L AE T IY1 N AA"),
    Sentence("KIV", "K IH1 V OW Z AA M EH1 L UW D ER SH IY1 N AH"),
    Sentence("LOS", "L OW S IH1 B EH R AA1 N UW T AY1 M AH"),
    Sentence("MEP", "M EY1 P AH D IY L AO1 R IH G UW1 S EH N"),
    Sentence("NAR", "N AA1 R UW V IH L EY1 K AH M OW1 D IY"),
    Sentence("PIL", "P IY1 L AA SH EH1 N OW T AH B ER1 Z UW"),
    Sentence("SUD", "S UW1 D EH W AY1 L AH K OW N IH1 F AA"),
    Sentence("TAM", "T AE1 M OW R IY1 V AH S UH L EY1 P IH N"),
    Sentence("WOY", "W OW Y AE1 L IH D AA K EH1 M UW R AY1 T AH"),
  ]

  /// The sentence of a code; for codes of other corpora, one that depends on the code alone.
  static func named(_ code: String) -> Sentence {
    if let known = all.first(where: { $0.code == code }) { return known }
    var random = SeededRandom(seed: 0, code)
    return all[Int(random.next() % UInt64(all.count))]
  }
}
