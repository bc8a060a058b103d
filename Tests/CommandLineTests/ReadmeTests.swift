import Foundation
import TestSupport
import Testing

@Suite struct ReadmeTests {
  @Test("the README shows every command of the program, and no others")
  func commands() throws {
    let help = try Program.run(["--help"], in: TemporaryFolder()).output
    let list = help.split(separator: "SUBCOMMANDS:").last.map(String.init) ?? ""
    let known = list.matches(of: #/\n  ([a-z]+) /#).map { String($0.output.1) }
    #expect(known.count > 8)
    let readme = try String(contentsOf: Shared.project.appendingPathComponent("README.md"), encoding: .utf8)
    let shown = readme.matches(of: #/\n    serspec ([a-z]+)/#).map { String($0.output.1) }
    #expect(Set(shown).sorted() == Set(known).sorted())
  }
}
