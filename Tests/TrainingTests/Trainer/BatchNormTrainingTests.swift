import Diagnostics
import Foundation
import Planning
import TensorRuntime
import TestSupport
import Testing
import Training

/// Running statistics through training, checkpoints and evaluation.
@Suite struct BatchNormTrainingTests {
  @Test func statisticsAreStatesAndNoParameters() throws {
    let trainer = try ToyProblem.trainer(epochs: 1, norm: "batch_norm")
    let names = trainer.executor.parameters.stateSlots.map(\.name)
    #expect(names == ["running_mean", "running_var", "num_batches_tracked"].map { "image_path.batch_norm.\($0)" })
    let counted = trainer.executor.graph.nodes.first { $0.kind == "batch_norm" }?.parameterCount
    #expect(counted == 16)
    #expect(trainer.states == [Array(repeating: 0, count: 8), Array(repeating: 1, count: 8), [0]])
  }

  @Test func goingOnEndsWithTheSameBitsAndTheBestEpochKeepsItsStatistics() throws {
    let folder = try TemporaryFolder()
    let store = CheckpointStore(folder: folder.path)
    let whole = try ToyProblem.trainer(epochs: 3, norm: "batch_norm")
    var best: (weights: [[Float]], states: [[Float]])?
    _ = try whole.run(save: { _, isBest in if isBest { best = (whole.weights, whole.states) } })
    #expect(whole.states[2] == [15])

    let first = try ToyProblem.trainer(epochs: 3, norm: "batch_norm")
    _ = try first.run(
      save: { try store.save(first, $0, isBest: $1) }, shouldStop: { first.state.totalSteps >= 7 })
    let second = try ToyProblem.trainer(epochs: 3, threads: 3, norm: "batch_norm")
    #expect(try store.restore(second).restored)
    #expect(second.states == first.states)
    _ = try second.run(save: { try store.save(second, $0, isBest: $1) })
    #expect(second.state == whole.state)
    #expect(second.weights == whole.weights && second.states == whole.states)

    let loaded = try ToyProblem.trainer(epochs: 3, norm: "batch_norm")
    #expect(try store.loadBest(into: loaded.executor.parameters).isEmpty)
    #expect(loaded.weights == best?.weights && loaded.states == best?.states)
    let file = try Safetensors.read("\(folder.path)/best/weights.safetensors")
    #expect(file["image_path.batch_norm.running_var"]?.shape == [8])
  }

  /// 80 clips in batches of 79 leave one clip, whose pooled features have no variance.
  @Test func aLastBatchOfOneClipIsToldBeforeTheFirstStep() throws {
    let spec = try resolvedSpec(
      "cnn2d.yaml",
      sets: [
        ("model.image_path", "{from: mel_image, layers: [global_avg_pool, batch_norm]}"), ("train.batch_size", "79"),
      ])
    let trainer = Trainer(
      spec: spec, graph: try ModelDescription(spec).graph, source: ToyProblem(clips: 96), trainClips: Array(0..<80),
      validationClips: Array(80..<96), pool: WorkerPool(threads: 1))
    let failure = #expect(throws: DiagnosticFailure.self) { _ = try trainer.run() }
    #expect(failure?.diagnostics.map(\.id) == ["run.batch_too_small"])
    #expect(trainer.state.totalSteps == 0)
  }
}
