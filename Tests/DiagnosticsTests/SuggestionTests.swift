import Diagnostics
import Testing

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("kernel_sise", "kernel_size"), ("kernelsize", "kernel_size"), ("Kernel_Size", "kernel_size"),
      ("kernel", "kernel_size"),
      ("stirde", "stride"), ("conv", "conv1d"), ("conv2", "conv2d"), ("conv3d", "conv1d"), ("gruop_norm", "group_norm"),
      ("lf", "lr"),
      ("silu", "silu"), ("SELU", "silu"), ("linear_layer", "linear"), ("banana", nil), ("x", nil), ("", nil),
      (String(repeating: "a", count: 10_000), nil),
    ] as [(String, String?)])
  func nearestName(_ word: String, _ expected: String?) {
    let names = ["kernel_size", "stride", "conv1d", "conv2d", "group_norm", "lr", "silu", "linear"]
    #expect(nearest(word, in: names) == expected)
  }

  @Test func beginningsArePreferredOverSmallDistances() {
    #expect(nearest("mel", in: ["mean", "mel_spectrogram"]) == "mel_spectrogram")
  }

  @Test func theFirstOfEquallyNearNamesWins() {
    #expect(nearest("conv_d", in: ["conv2d", "conv1d"]) == "conv2d")
    #expect(nearest("a", in: []) == nil)
  }
}
