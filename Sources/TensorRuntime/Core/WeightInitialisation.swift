/// How the weight of a convolution or a linear layer starts, by its fans: the values that one output depends on (in) and
/// that one input feeds (out), as torch.nn.init counts them.
public enum WeightInitialisation: String, CaseIterable, Sendable {
  /// PyTorch's default: weight and bias uniform in ±1/sqrt(fan in).
  case pytorch
  /// Normal with deviation sqrt(2 / fan out). He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers".
  case kaimingNormalFanOut = "kaiming_normal_fan_out"
  /// Normal with deviation sqrt(2 / fan in).
  case kaimingNormalFanIn = "kaiming_normal_fan_in"
  /// Uniform in ±sqrt(6 / fan in).
  case kaimingUniformFanIn = "kaiming_uniform_fan_in"
  /// Uniform in ±sqrt(6 / (fan in + fan out)). Glorot, Bengio 2010, "Understanding the difficulty of training deep
  /// feedforward neural networks".
  case xavierUniform = "xavier_uniform"
  /// Normal with deviation sqrt(2 / (fan in + fan out)).
  case xavierNormal = "xavier_normal"
  case zeros

  /// The start of a weight.
  public func weight(fanIn: Int, fanOut: Int) -> Initialisation {
    let (fanIn, fanOut) = (Float(max(1, fanIn)), Float(max(1, fanOut)))
    return switch self {
    case .pytorch: .uniform(bound: 1 / fanIn.squareRoot())
    case .kaimingNormalFanOut: .normal(deviation: (2 / fanOut).squareRoot())
    case .kaimingNormalFanIn: .normal(deviation: (2 / fanIn).squareRoot())
    case .kaimingUniformFanIn: .uniform(bound: (6 / fanIn).squareRoot())
    case .xavierUniform: .uniform(bound: (6 / (fanIn + fanOut)).squareRoot())
    case .xavierNormal: .normal(deviation: (2 / (fanIn + fanOut)).squareRoot())
    case .zeros: .constant(0)
    }
  }

  /// The start of the bias beside such a weight: zero but for PyTorch's default.
  public func bias(fanIn: Int) -> Initialisation {
    self == .pytorch ? .uniform(bound: 1 / Float(max(1, fanIn)).squareRoot()) : .constant(0)
  }
}
