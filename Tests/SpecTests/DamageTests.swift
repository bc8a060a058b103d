import Diagnostics
import Foundation
import Spec
import Testing

@Suite("damaged specs") struct DamageTests {
  /// Marsaglia's xorshift64, so that every run tries the same damage.
  private struct Draws {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
  }

  private static let pieces = [
    "${", "}", "${classes}", "[", "]", "{", "}", ": ", "- ", "\n", "  ", "~", "-1", "1e999", "for", "&a ", "*a", "<<: ",
    "'", "\"", "logits", "conv_block", "relu", "null", "#", "9999999999999999999", "\t", "é", "\u{0}",
  ]

  @Test("never crash, and always say what is wrong", arguments: 1...8)
  func damage(_ seed: Int) throws {
    let path = suiteFolder.appendingPathComponent("valid-example.yaml").path
    let text = try Array(String(contentsOfFile: path, encoding: .utf8).replacing("corpus: toy", with: Self.corpus).utf8)
    var draws = Draws(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<100 {
      var damaged = text
      for _ in 0...draws.below(3) {
        let place = draws.below(damaged.count)
        switch draws.below(3) {
        case 0: damaged.removeSubrange(place..<min(damaged.count, place + 1 + draws.below(12)))
        case 1: damaged.insert(contentsOf: Array(Self.pieces[draws.below(Self.pieces.count)].utf8), at: place)
        default:
          let other = draws.below(damaged.count)
          damaged.insert(contentsOf: Array(damaged[other..<min(damaged.count, other + 20)]), at: place)
        }
      }
      let file = SourceFile(name: "damaged.yaml", text: damaged)
      let result = resolve(file, vocabulary: testVocabulary)
      #expect(result.spec != nil || result.diagnostics.contains { $0.severity == .error })
      if let spec = result.spec {
        let again = resolved(resolvedText(spec, origins: true))
        #expect(again.spec?.hash == spec.hash, "\(String(decoding: damaged, as: UTF8.self))\n\(again.report)")
      }
    }
  }

  private static let corpus = """
    corpus: {name: toy, pattern: "{speaker}_{emotion}", label: emotion, classes: [SAD, ANG, HAP, NEU]}
    """
}
