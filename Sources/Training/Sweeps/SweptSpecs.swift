import Foundation

/// What cells of sweeps over `extends` extend, by the records of the sweeps beside their run directories, each read once.
public struct SweptSpecs {
  /// Names of specs by those of run directories, by folder.
  private var folders: [String: [String: String]] = [:]

  public init() {}

  /// `cnn1d` for the run directory of a cell that extends `cnn1d.yaml`; nil for other runs.
  mutating func spec(ofRun path: String) -> String? {
    let run = URL(fileURLWithPath: path)
    let folder = run.deletingLastPathComponent().path
    let known = folders[folder] ?? Self.specs(in: folder)
    folders[folder] = known
    return known[run.lastPathComponent]
  }

  private static func specs(in folder: String) -> [String: String] {
    var specs: [String: String] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []
    where name.hasSuffix(SweepFolder.ending) {
      // A run can be read whatever has become of a sweep.
      for cell in (try? SweepRecord.read("\(folder)/\(name)/sweep.json"))?.entries ?? [] where specs[cell.run] == nil {
        guard let file = cell.params["extends"]?.asString else { continue }
        specs[cell.run] = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      }
    }
    return specs
  }
}
