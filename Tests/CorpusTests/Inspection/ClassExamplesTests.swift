import Corpus
import Testing

@Suite struct ClassExamplesTests {
  private func clip(_ speaker: String?, _ sentence: String, _ label: Int, _ take: String = "1") -> ClipReference {
    ClipReference(
      audio: .absent, relativePath: "\(speaker ?? "x")_\(sentence)_\(label)_\(take)", classIndex: label,
      label: "\(label)",
      speaker: speaker,
      fields: [("speaker", speaker ?? ""), ("sentence", sentence), ("emotion", "\(label)"), ("take", take)])
  }

  @Test("one speaker, one sentence")
  func alike() {
    let clips = [
      clip("a", "s1", 0), clip("a", "s1", 1), clip("b", "s2", 0), clip("b", "s1", 1), clip("b", "s2", 1, "2"),
      clip("b", "s2", 1), clip("b", "s3", 2), clip("b", "s2", 2),
    ]
    #expect(
      ClassExamples.choose(clips).map(\.relativePath) == ["b_s2_0_1", "b_s2_1_1", "b_s2_2_1"],
      "b speaks more classes than a")
  }

  @Test("a class that the speaker lacks comes from another one, and a class without clips is left out")
  func missing() {
    let clips = [clip("a", "s1", 0), clip("a", "s2", 2), clip("b", "s2", 4), clip("b", "s1", 4)]
    #expect(ClassExamples.choose(clips).map(\.relativePath) == ["a_s1_0_1", "a_s2_2_1", "b_s1_4_1"])
    #expect(ClassExamples.choose([clip(nil, "s1", 1)]).count == 1)
    #expect(ClassExamples.choose([]).isEmpty)
  }
}
