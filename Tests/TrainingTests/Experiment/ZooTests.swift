import Foundation
import Planning
import Spec
import TensorRuntime
import TestSupport
import Testing
import Training

/// The architectures of specs/zoo: published parameter counts, and a training step of each.
@Suite(.serialized) struct ZooTests {
  /// torchvision 0.20's counts, and PANNs' for CNN14; nil where the network is ours.
  static let counts: [(name: String, count: Int?)] = [
    ("alexnet", 61_100_840), ("cnn14", 80_753_615), ("crnn", nil), ("densenet121", 7_978_856), ("lstm-attention", nil),
    ("mobilenet_v2", 3_504_872), ("resnet18", 11_689_512), ("resnet50", 25_557_032), ("squeezenet1_1", 1_235_496),
    ("transformer", nil), ("vgg16", 138_357_544),
  ]

  @Test func everyFileIsListed() throws {
    let folder = Shared.project.appendingPathComponent("specs/zoo").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    #expect(files.sorted() == Self.counts.map { "\($0.name).yaml" }.sorted())
  }

  @Test("has the published number of parameters, and no findings", arguments: counts)
  func count(_ name: String, _ count: Int?) throws {
    let spec = try resolvedSpec("zoo/\(name).yaml")
    let checks = ExperimentChecks.check(spec)
    #expect(checks.diagnostics.isEmpty)
    if let count { #expect(checks.model?.graph.parameterCount == count) }
  }

  @Test("the report's ResNets have the reference's number of parameters")
  func reportResNets() throws {
    #expect(try ModelDescription(resolvedSpec("resnet38.yaml")).graph.parameterCount == 20_133_446)
    #expect(try ModelDescription(resolvedSpec("resnet101.yaml")).graph.parameterCount == 42_757_190)
  }

  @Test("trains a step: the gradient of every parameter is a number, and not all of it zero", arguments: counts)
  func step(_ name: String, _ count: Int?) throws {
    let spec = try resolvedSpec("zoo/\(name).yaml")
    _ = try loadBLAS()
    let graph = try ModelDescription(spec).graph
    let key = RandomKey(seed: 7)
    let size = 2
    let shapes = graph.inputs.map(\.nominalShape)
    let batch = Batch(
      shapes: shapes,
      features: shapes.enumerated().map { index, shape in
        RandomStream(key.child(UInt64(index))).uniforms(count: shape.reduce(size, *))
      }, labels: [1, 3])
    let parameters = ModelParameters(graph)
    parameters.initialise(key: key.child("weights"))
    let executor = Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: 2))
    let loss = try executor.gradients(of: batch, key: key).loss
    #expect(loss.isFinite && loss > 0)
    for (index, slot) in parameters.slots.enumerated() {
      let gradient = parameters.exported(index, from: executor.gradients)
      let greatest = gradient.reduce(Float(0)) { Swift.max($0, abs($1)) }
      #expect(greatest.isFinite && greatest > 0, "\(slot.name)")
    }
  }
}
