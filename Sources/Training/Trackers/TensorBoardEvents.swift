import Diagnostics
import Foundation

/// The messages of event files, as TensorBoard's `event.proto`, `summary.proto` and the hparams plugin's `plugin_data.proto` number their
/// fields. Values are of the kinds that `torch.utils.tensorboard` writes.
package enum TensorBoardEvents {
  /// The first event of a file.
  package static func version(at time: Date) -> ProtobufMessage {
    var event = begun(time, step: 0)
    event.add(3, "brain.Event:2")
    return event
  }

  /// An event with values.
  package static func event(_ values: [ProtobufMessage], step: Int, at time: Date) -> ProtobufMessage {
    var event = begun(time, step: step)
    var summary = ProtobufMessage()
    for value in values { summary.add(1, value) }
    event.add(5, summary)
    return event
  }

  /// Single precision, as TensorBoard's scalars are.
  package static func scalar(_ tag: String, _ value: Double) -> ProtobufMessage {
    var message = tagged(tag)
    message.add(2, Float(value))
    return message
  }

  package static func image(_ tag: String, _ image: TrackedImage) -> ProtobufMessage {
    var content = ProtobufMessage()
    content.add(1, image.height)
    content.add(2, image.width)
    // Red, green and blue.
    content.add(3, 3)
    content.add(4, image.png)
    var message = tagged(tag)
    message.add(4, content)
    return message
  }

  package static func histogram(_ histogram: TensorHistogram) -> ProtobufMessage {
    var content = ProtobufMessage()
    content.add(1, histogram.minimum)
    content.add(2, histogram.maximum)
    content.add(3, histogram.counts.reduce(0, +))
    content.add(4, histogram.sum)
    content.add(5, histogram.squareSum)
    content.add(6, histogram.limits)
    content.add(7, histogram.counts)
    var message = tagged(histogram.name)
    message.add(5, content)
    return message
  }

  static let startTag = "_hparams_/session_start_info"
  static let endTag = "_hparams_/session_end_info"

  /// The hyperparameters of a run. What `experiment` would say TensorBoard works out by itself, over all runs that it shows.
  package static func sessionStart(_ values: [(name: String, value: JSON)], at time: Date) -> ProtobufMessage {
    var start = ProtobufMessage()
    for (name, value) in values {
      var entry = ProtobufMessage()
      entry.add(1, name)
      entry.add(2, self.value(value))
      start.add(1, entry)
    }
    start.add(5, time.timeIntervalSince1970)
    return hyperparameters(startTag, field: 3, start)
  }

  /// That the run is finished.
  package static func sessionEnd(at time: Date) -> ProtobufMessage {
    var end = ProtobufMessage()
    // Success.
    end.add(1, 1)
    end.add(2, time.timeIntervalSince1970)
    return hyperparameters(endTag, field: 4, end)
  }

  /// A `google.protobuf.Value`.
  private static func value(_ json: JSON) -> ProtobufMessage {
    var message = ProtobufMessage()
    switch json {
    case .integer, .number: message.add(2, json.asNumber ?? 0)
    case .boolean(let flag): message.add(4, flag ? 1 : 0)
    default: message.add(3, json.plainText)
    }
    return message
  }

  /// The plugin reads metadata; beside it a value must have something, and an empty list of numbers is the least.
  private static func hyperparameters(_ tag: String, field: Int, _ content: ProtobufMessage) -> ProtobufMessage {
    var data = ProtobufMessage()
    data.add(field, content)
    var plugin = ProtobufMessage()
    plugin.add(1, "hparams")
    plugin.add(2, data)
    var metadata = ProtobufMessage()
    metadata.add(1, plugin)
    var shape = ProtobufMessage()
    shape.add(2, ProtobufMessage())
    var tensor = ProtobufMessage()
    // Single precision.
    tensor.add(1, 1)
    tensor.add(2, shape)
    var message = tagged(tag)
    message.add(8, tensor)
    message.add(9, metadata)
    return message
  }

  private static func begun(_ time: Date, step: Int) -> ProtobufMessage {
    var event = ProtobufMessage()
    event.add(1, time.timeIntervalSince1970)
    event.add(2, step)
    return event
  }

  private static func tagged(_ tag: String) -> ProtobufMessage {
    var message = ProtobufMessage()
    message.add(1, tag)
    return message
  }
}
