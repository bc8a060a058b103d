import Foundation
import TestSupport
import Testing

@Suite struct BenchCommandTests {
  @Test("bench --json has the keys that scripts rely on, for each spec")
  func document() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    try folder.text("small.yaml").replacingOccurrences(of: "policy: batch_longest", with: "policy: fixed, seconds: 1")
      .write(toFile: folder.file("fixed.yaml"), atomically: true, encoding: .utf8)
    let result = try Program.run(
      ["bench", "small.yaml", "fixed.yaml", "--steps", "2", "--threads", "2", "--json"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let results = try #require(document?["results"] as? [[String: Any]])
    #expect(results.map { $0["spec"] as? String } == ["small.yaml", "fixed.yaml"])
    for entry in results {
      #expect(entry["batch_size"] as? Int == 8 && entry["threads"] as? Int == 2)
      #expect(entry["parameters"] as? Int == 12 * 27 * 3 + 12 + 24 + 12 * 9 + 12 + 24 * 6 + 6)
      for key in [
        "train_step_s", "train_step_mean_s", "inference_s", "inference_mean_s", "train_clips_per_s",
        "inference_clips_per_s", "train_gflops", "inference_gflops", "machine_gflops", "peak_rss_mb", "plan_s",
        "profiled_step_s",
      ] {
        #expect((entry[key] as? Double ?? 0) > 0, "\(key)")
      }
      let kinds = try #require(entry["kinds"] as? [[String: Any]])
      #expect(Set(kinds.compactMap { $0["kind"] as? String }).isSuperset(of: ["convolution", "optimizer", "rest"]))
      #expect(kinds.allSatisfy { $0["seconds"] is Double })
      let layers = try #require(entry["layers"] as? [[String: Any]])
      #expect(layers.contains { $0["layer"] as? String == "frames.conv1d" })
      #expect(
        layers.allSatisfy { $0["forward_s"] is Double && $0["backward_s"] is Double && $0["operation"] is String })
    }
    let lengths = results[0]["lengths"] as? [String: Any]
    #expect((lengths?["batch_samples"] as? [Int])?.count == 5 && lengths?["source"] as? String == "drawn")
    #expect(results[1]["lengths"] == nil)
    let environment = document?["environment"] as? [String: Any]
    #expect((environment?["libraries"] as? [String: Any])?["blas_kernel"] is String)
  }

  @Test func theTextNamesWhatWasMeasured() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let result = try Program.run(["bench", "small.yaml", "--steps", "1", "--threads", "1"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    for text in [
      "training step", "inference", "clips a second", "GFLOP/s", "peak memory", "optimizer", "frames.conv1d",
    ] {
      #expect(result.output.contains(text), "\(text)")
    }
  }

  @Test func mistakesAreFoundBeforeAnythingIsMeasured() throws {
    let folder = try TemporaryFolder()
    try SmallExperiment.write(to: folder)
    let cases: [([String], Int32, String)] = [
      (["small.yaml", "missing.yaml"], 3, "file.missing"), (["small.yaml", "--steps", "0"], 2, "--steps"),
      (["small.yaml", "--threads", "0"], 2, "--threads"),
      (["small.yaml", "--manifest", "none.csv"], 4, "data.manifest_missing"),
      (["small.yaml", "small.yaml", "--manifest", "none.csv"], 4, "data.manifest_missing"),
    ]
    for (arguments, status, text) in cases {
      let result = try Program.run(["bench"] + arguments, in: folder)
      #expect(result.status == status && result.output.isEmpty, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
    }
  }
}
