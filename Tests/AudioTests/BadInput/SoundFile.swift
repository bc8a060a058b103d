import Audio
import Diagnostics
import Foundation
import TestSupport
import Testing

/// What becomes of a file with the given bytes: its samples, or one finding that names it.
enum SoundFile {
  enum Outcome {
    case sound(AudioDecoder.File)
    case refused(Diagnostic)

    var id: String? {
      if case .refused(let finding) = self { return finding.id }
      return nil
    }

    var summary: String {
      if case .refused(let finding) = self { return finding.summary }
      return "read"
    }

    /// All channels one behind the other; nil where the file was refused.
    var samples: [Float]? {
      if case .sound(let file) = self { return file.clip.channels.flatMap { $0 } }
      return nil
    }
  }

  static func read(_ bytes: [UInt8], name: String = "clip.wav") throws -> Outcome {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    return try read(path: folder.file(name))
  }

  static func read(path: String) throws -> Outcome {
    do {
      return .sound(try AudioDecoder.read(path: path))
    } catch let failure as DiagnosticFailure {
      #expect(failure.diagnostics.count == 1)
      let finding = try #require(failure.diagnostics.first)
      #expect(finding.id.hasPrefix("data.audio_") && finding.severity == .error)
      #expect(finding.summary.hasPrefix("\(path): "), "it names the file")
      return .refused(finding)
    }
  }
}
