import Diagnostics
import Foundation
import TestSupport
import Testing
import Training

/// What passes a limit is refused at once: a spec of some kilobytes cannot keep the program busy.
@Suite struct LimitCostTests {
  /// A tenth of a second is what a limit may cost; the rest is for slow machines.
  static let most = 0.1 * 5

  @Test("a limit costs little", arguments: GeneratedSpec.bombs)
  func isCheap(_ spec: GeneratedSpec) { check(spec, most: Self.most) }

  /// Thousands of findings are as many suggestions, which take their time, but not minutes.
  @Test("crowds of mistakes are answered", arguments: GeneratedSpec.crowds)
  func isAnswered(_ spec: GeneratedSpec) { check(spec, most: 5 * Self.most) }

  private func check(_ spec: GeneratedSpec, most: Double) {
    let start = threadSeconds()
    let result = SpecValidation(SourceFile(name: "generated.yaml", text: spec.text))
    let time = threadSeconds() - start
    let ids = Set(result.diagnostics.map(\.id))
    #expect(ids.contains(spec.id), "\(ids.sorted())")
    #expect(time < most, "\(time) s")
    #expect(result.summary == nil)
  }

  @Test("a chain of more files than a spec can be made of")
  func manyFiles() throws {
    let folder = try TemporaryFolder()
    for index in 0...100 {
      try Data("extends: \(index + 1).yaml\n".utf8).write(to: URL(fileURLWithPath: folder.file("\(index).yaml")))
    }
    let start = threadSeconds()
    let result = SpecValidation(path: folder.file("0.yaml"))
    #expect(threadSeconds() - start < Self.most)
    #expect(result.diagnostics.map(\.id) == ["extends.limit"])
  }

  @Test("pipes and devices are not waited for", arguments: ["extends: ", "corpus: "])
  func specialFiles(_ key: String) throws {
    let folder = try TemporaryFolder()
    try #require(mkfifo(folder.file("pipe.yaml"), 0o600) == 0)
    for path in ["pipe.yaml", "/dev/zero", "/dev/full", "/dev/tty", "/proc/self/mem", "/proc/kmsg", "/proc/self/fd/0"] {
      // What is no path of a corpus file is a name, which has no slash.
      let text = "serspec: 1\n\(key)\(path)\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("spec.yaml")))
      let start = threadSeconds()
      let result = SpecValidation(path: folder.file("spec.yaml"))
      #expect(threadSeconds() - start < Self.most)
      #expect(result.diagnostics.contains { $0.severity == .error }, "\(path)")
    }
  }

  /// Processor time of this thread: other tests run beside.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
