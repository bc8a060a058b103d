import Diagnostics
import Foundation
import TensorRuntime
import TestSupport
import Testing
import Training

@Suite struct BenchmarkBatchesTests {
  private func batches(_ spec: String, batchSize: Int = 4, manifest: String? = nil) throws -> BenchmarkBatches {
    let spec = try resolvedSpec(
      spec,
      sets: [
        (key: "train.batch_size", value: "\(batchSize)"),
        (key: "split", value: "{policy: stratified, test: 0.25, val: 0.2}"),
      ])
    return try BenchmarkBatches(spec, graph: try ModelDescription(spec).graph, manifest: manifest)
  }

  @Test func aFixedLengthHasOneShape() throws {
    let batches = try batches("combined.yaml")
    #expect(batches.lengths == nil && batches.samples == [48000])
    #expect(batches.shapes(of: 0) == [[27, 301], [1, 64, 64]] && batches.shapes(of: 5) == batches.shapes(of: 0))
    let batch = batches.batch(0)
    #expect(batch.count == 4 && batch.labels == [0, 1, 2, 3])
  }

  @Test func openLengthsAreTheSameEachTimeAndDifferFromBatchToBatch() throws {
    let first = try batches("combined-varlen.yaml", batchSize: 64)
    let second = try batches("combined-varlen.yaml", batchSize: 64)
    #expect(first.samples == second.samples && first.samples.count == 4948 / 64)
    #expect(Set(first.samples).count > 60)
    #expect(first.lengths?.source == .drawn)
    #expect(first.shapes(of: 3) == [[27, first.samples[3] / 160 + 1], [1, 64, 64]])
    #expect(first.samples(of: first.samples.count) == first.samples[0])
    let batch = first.batch(3)
    #expect(batch.features == second.batch(3).features && batch.shapes == first.shapes(of: 3))
    // The longest of 64 clips is longer than most.
    #expect(first.samples.allSatisfy { (49_600...80_160).contains($0) })
  }

  @Test func drawnDurationsAreDistributedAsInTheCorpus() throws {
    let seconds = ClipLengths(drawnBy: RandomKey(seed: 1)).seconds
    let mean = seconds.reduce(0, +) / Double(seconds.count)
    let deviation = (seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seconds.count)).squareRoot()
    #expect(abs(mean - 2.543) < 0.03 && abs(deviation - 0.506) < 0.03)
    #expect(seconds.allSatisfy { $0 >= 1.27 && $0 <= 5.01 })
  }

  /// The clips that train come in the order of the trainer's first epoch, each batch as long as its longest.
  @Test func aManifestGivesTheLengthsOfTheFirstEpoch() throws {
    let folder = try TemporaryFolder()
    let names = ["SAD", "ANG", "DIS", "FEA", "HAP", "NEU"].flatMap { label in
      (1001...1010).map { "\($0)_DFA_\(label)_XX.wav" }
    }
    let rows = names.enumerated().map { "\($1),\(44 + 32_000 * ($0 + 10) / 10)" }
    try (["file,bytes"] + rows).joined(separator: "\n").write(
      toFile: folder.file("clips.csv"), atomically: true, encoding: .utf8)
    let manifest = folder.file("clips.csv")
    let batches = try batches("combined-varlen.yaml", manifest: manifest)

    let spec = try resolvedSpec(
      "combined-varlen.yaml", sets: [(key: "split", value: "{policy: stratified, test: 0.25, val: 0.2}")])
    let list = try ClipList(spec, manifest: manifest)
    let train = try list.split(by: spec.split).train
    let order = RandomStream(RandomKey(seed: 42).child("shuffle").child(0)).permutation(train.count)
    let samples = order.map { position -> Int in
      let index = names.firstIndex(of: list.clips[train[position]].relativePath) ?? 0
      return 1600 * (index + 10)
    }
    #expect(batches.lengths?.source == .manifest)
    #expect(batches.samples.count == train.count / 4)
    for (index, length) in batches.samples.enumerated() {
      #expect(length == samples[4 * index..<4 * index + 4].max())
    }
  }

  @Test func aManifestWithoutDurationsIsRefused() throws {
    let folder = try TemporaryFolder()
    let rows = ["SAD", "ANG", "DIS", "FEA", "HAP", "NEU"].flatMap { label in
      (1001...1010).map { "\($0)_DFA_\(label)_XX.wav" }
    }
    try (["file"] + rows).joined(separator: "\n").write(
      toFile: folder.file("clips.csv"), atomically: true, encoding: .utf8)
    let failure = #expect(throws: DiagnosticFailure.self) {
      try batches("combined-varlen.yaml", manifest: folder.file("clips.csv"))
    }
    #expect(failure?.diagnostics.map(\.id) == ["data.manifest_durations"])
  }
}
