import Diagnostics
import Foundation
import Reporting
import Spec
import TestSupport
import Training

/// A finished run of a spec of the project, with `wrong` of its 120 clips taken for the next class. `sweep`: the name of
/// a sweep over `extends` of which it is a cell, and which gives it its name.
func madeRun(
  _ file: String = "cnn1d.yaml", activation: String = "silu", lr: Double = 0.001, seed: Int = 1,
  wrong: Set<Int> = [], sweep: String? = nil, change: (inout MadeRun) -> Void = { _ in }
) throws -> RunRecord {
  let sets =
    [(key: "activation", value: activation), (key: "lr", value: "\(lr)"), (key: "seed", value: "\(seed)")]
    + (sweep.map { [(key: "name", value: $0)] } ?? [])
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
  if let sweep {
    try FileManager.default.createDirectory(atPath: folder.file("\(sweep).sweep"), withIntermediateDirectories: true)
    let record: JSON = [
      "sweep": .string(sweep), "hash": "0", "spec": "sweep.yaml", "options": [], "serspec": "0.1.0",
      "cells": [
        [
          "index": 1, "hash": .string(spec.hash), "name": "1", "params": ["extends": .string(file), "lr": .number(lr)],
          "run": .string(name), "state": "finished", "starts": 1, "seconds": 2.5,
        ]
      ],
    ]
    try record.text().write(toFile: folder.file("\(sweep).sweep/sweep.json"), atomically: true, encoding: .utf8)
  }
  return try RunReader.read(folder.file(name))
}
