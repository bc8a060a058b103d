import Diagnostics
import TensorRuntime

extension Benchmark {
  /// An entry of `results` of `bench --json`.
  public func json(spec path: String) -> JSON {
    var document: [(key: String, value: JSON)] = [
      ("spec", .string(path)), ("batch_size", .integer(batchSize)), ("threads", .integer(threads)),
      ("parameters", .integer(parameters)), ("train_step_s", .number(training.median)),
      ("train_step_mean_s", .number(training.mean)), ("inference_s", .number(inference.median)),
      ("inference_mean_s", .number(inference.mean)),
      ("train_clips_per_s", .number(Double(batchSize) / training.median)),
      ("inference_clips_per_s", .number(Double(batchSize) / inference.median)),
      ("train_gflops", .number(training.gigaflops)), ("inference_gflops", .number(inference.gigaflops)),
      ("machine_gflops", .number(machineGigaflops)), ("peak_rss_mb", .integer(peakMegabytes)),
      ("plan_s", .number(planning)),
    ]
    if let lengths = batches.lengths, let samples = batchSamples {
      document.append(
        (
          "lengths", ["source": .string(lengths.source.rawValue), "batch_samples": .array(samples.map(JSON.integer))]
        ))
    }
    document += [
      ("profiled_step_s", .number(profile.step)), ("kinds", profile.kindsJSON), ("layers", profile.layersJSON),
    ]
    return .object(document)
  }

  /// The machine and what the program computes with: `environment` of `bench --json`.
  ///
  /// - Throws: `DiagnosticFailure` (`run.blas_missing`).
  public static func environment(version: String, threads: Int) throws -> JSON {
    let blas = try loadBLAS()
    return EnvironmentRecord(
      version: version, threads: threads,
      libraries: [("kernels", Kernels.level), ("blas_kernel", blas.coreName), ("blas", blas.configuration)]
    ).json
  }
}
