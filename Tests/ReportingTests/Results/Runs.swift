import Diagnostics
import Reporting
import Spec
import TestSupport
import Training

/// A finished run of a spec of the project, with `wrong` of its 120 clips taken for the next class.
func madeRun(
  _ file: String = "cnn1d.yaml", activation: String = "silu", lr: Double = 0.001, seed: Int = 1,
  wrong: Set<Int> = [], change: (inout MadeRun) -> Void = { _ in }
) throws -> RunRecord {
  let sets = [(key: "activation", value: activation), (key: "lr", value: "\(lr)"), (key: "seed", value: "\(seed)")]
  let spec = try experiment(file: file, set: sets).spec
  let truth = (0..<120).map { $0 % 6 }
  var run = MadeRun(
    spec: resolvedText(spec, origins: true), classes: spec.corpus.classes.map(\.name), truth: truth,
    predictions: truth.indices.map { wrong.contains($0) ? (truth[$0] + 1) % 6 : truth[$0] },
    speakers: truth.indices.map { "s\($0 / 10)" })
  change(&run)
  let folder = try TemporaryFolder()
  let name = "\(spec.name)-\(spec.hash.prefix(12))"
  try run.write(to: folder, name)
  return try RunReader.read(folder.file(name))
}
