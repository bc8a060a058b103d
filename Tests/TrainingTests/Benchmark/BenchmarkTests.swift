import Diagnostics
import Foundation
import Planning
import TensorRuntime
import TestSupport
import Testing
import Training

@Suite struct BenchmarkTests {
  /// An operation that nobody has sorted would hide in `other`.
  @Test("every operation that the project's specs run has a kind", arguments: ["", "zoo/"])
  func kinds(folder: String) throws {
    let path = Shared.project.appendingPathComponent("specs/\(folder)").path
    for file in try FileManager.default.contentsOfDirectory(atPath: path) where file.hasSuffix(".yaml") {
      // A sweep's cells have a spec each; the others stand for them.
      guard file != "report-grid.yaml" else { continue }
      let graph = try ModelDescription(try resolvedSpec(folder + file)).graph
      let plan = try ExecutionPlan.make(
        graph, batch: 2, shapes: graph.inputs.map(\.nominalShape), mode: .training, threads: 1)
      let unsorted = plan.steps.map(\.operation).filter { $0.operationKind == .other }.map(\.label)
      #expect(unsorted == [], "\(file)")
    }
  }

  @Test func theFirstLayerHasNoGradientToPassOn() throws {
    let graph = try ModelDescription(try resolvedSpec("cnn1d.yaml")).graph
    let first = try #require(graph.nodes.first { $0.multiplyAdds > 0 })
    #expect(first.multiplyAdds == 128 * 27 * 3 * 301)
    #expect(graph.trainingMultiplyAdds == 3 * graph.multiplyAdds - first.multiplyAdds)
  }

  @Test func mediansAndSpeedsAreOfTheSteps() {
    let times = StepTimes(seconds: [0.4, 0.1, 0.2], multiplyAdds: [1_000_000_000, 1_000_000_000, 4_000_000_000])
    #expect(times.median == 0.2 && abs(times.mean - 0.7 / 3) < 1e-12)
    #expect(abs(times.gigaflops - 20) < 1e-9)
    #expect(StepTimes(seconds: [1, 3], multiplyAdds: [1, 1]).median == 2)
  }

  @Test func theKindsAndTheRestMakeUpTheStep() throws {
    let spec = try resolvedSpec("combined-varlen.yaml", sets: [(key: "train.batch_size", value: "2")])
    let benchmark = try Benchmark(spec, settings: .init(threads: 2, steps: 2))
    let profile = benchmark.profile
    let sum = profile.kinds.reduce(0) { $0 + $1.forward + $1.backward }
    #expect(abs(sum - profile.layers.reduce(0) { $0 + $1.forward + $1.backward }) < 1e-9)
    #expect(abs(sum + profile.optimizer + profile.rest - profile.step) < 1e-9 && profile.rest > 0)
    #expect(profile.kinds.contains { $0.name == "convolution" && $0.backward > 0 })
    #expect(benchmark.parameters == 5_739_462 && benchmark.batchSize == 2)
    #expect(benchmark.batchSamples?.count == 5 && benchmark.planning > 0 && benchmark.machineGigaflops > 0)
    // Twice the clips, twice the work; longer clips, more of it.
    let work = benchmark.training.multiplyAdds
    let samples = try #require(benchmark.batchSamples).suffix(2)
    #expect(samples[3] != samples[4] && (work[0] < work[1]) == (samples[3] < samples[4]))
  }
}
