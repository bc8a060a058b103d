import Corpus
import Diagnostics
import Testing
import Training

/// What a run keeps of `standardize`.
@Suite struct StandardRecordTests {
  @Test func theRecordReadsBackToTheSameBits() throws {
    let standards = [
      FeatureStandard(feature: "a", over: "frames", mean: [0.1, -3e-20, 7], scale: [1, 0.33333334, 1e9]),
      FeatureStandard(feature: "b", over: "all", mean: [2], scale: [3]),
    ]
    let text = standards.json.text()
    #expect([FeatureStandard](json: try JSON.parse(text)) == standards)
    #expect(text.contains("0.1,") || text.contains("0.1\n"), "in its shortest form")
  }

  @Test(arguments: [
    "[]", #"{"a": 1}"#, #"{"a": {"over": "all", "mean": [1], "scale": [1, 2]}}"#,
    #"{"a": {"over": "all", "mean": ["x"], "scale": [1]}}"#,
  ])
  func otherDocumentsAreRefused(text: String) throws {
    #expect([FeatureStandard](json: try JSON.parse(text)) == nil)
  }
}
