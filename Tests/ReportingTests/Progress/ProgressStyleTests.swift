import Reporting
import Testing

@Suite struct ProgressStyleTests {
  @Test(
    arguments: [
      (true, [:], false, .terminal(colour: true, unicode: false)),
      (true, ["LANG": "de_DE.UTF-8"], false, .terminal(colour: true, unicode: true)),
      (true, ["LANG": "C.utf8", "LC_ALL": "C"], false, .terminal(colour: true, unicode: false)),
      (true, ["LANG": "C.utf8", "LC_ALL": ""], false, .terminal(colour: true, unicode: true)),
      (true, ["NO_COLOR": "1", "LANG": "en_US.UTF-8"], false, .terminal(colour: false, unicode: true)),
      (true, ["NO_COLOR": ""], false, .terminal(colour: true, unicode: false)), (true, ["TERM": "dumb"], false, .plain),
      (false, ["LANG": "en_US.UTF-8"], false, .plain), (true, [:], true, .silent), (false, [:], true, .silent),
    ] as [(Bool, [String: String], Bool, ProgressStyle)])
  func suits(isTerminal: Bool, environment: [String: String], quiet: Bool, style: ProgressStyle) {
    #expect(ProgressStyle.suited(isTerminal: isTerminal, environment: environment, quiet: quiet) == style)
  }
}
