"""Makes what the tests of trackers compare with, beside itself: files of tensorboard 2.21's own writer and of the wandb 0.31 client.

    make_trackers.py

The client's log holds what it knows of the machine; names of folders and hosts are replaced before it is kept.
"""
import os
import struct
import tempfile
import zlib
from pathlib import Path

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

here = Path(__file__).parent


def tensorboard():
    scalar = summary_pb2.Summary.Value(tag="loss/val", simple_value=0.1)
    picture = summary_pb2.Summary.Value(
        tag="confusion/test", image=summary_pb2.Summary.Image(height=2, width=3, colorspace=3, encoded_image_string=b"\x89PNG"))
    histogram = summary_pb2.Summary.Value(
        tag="weights/a", histo=summary_pb2.HistogramProto(
            min=1, max=65, num=65, sum=2145, sum_squares=93665, bucket_limit=[float(i + 2) for i in range(64)], bucket=[1.0] * 63 + [2.0]))
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=1.5)
    start.hparams["lr"].number_value = 0.001
    end = plugin_data_pb2.SessionEndInfo(status=1, end_time_secs=4.5)
    hparams = [
        summary_pb2.Summary.Value(
            tag=tag, metadata=metadata.create_summary_metadata(plugin_data_pb2.HParamsPluginData(**content)), tensor=metadata.NULL_TENSOR)
        for tag, content in [
            (metadata.SESSION_START_INFO_TAG, {"session_start_info": start}), (metadata.SESSION_END_INFO_TAG, {"session_end_info": end})]
    ]
    events = [event_pb2.Event(wall_time=1.5, step=0, file_version="brain.Event:2")]
    events += [
        event_pb2.Event(wall_time=time, step=step, summary=summary_pb2.Summary(value=values))
        for time, step, values in [(1.5, 0, hparams[:1]), (2.5, 3, [scalar, histogram]), (4.5, 3, [hparams[1], picture])]
    ]
    with open(here / "tracker.tfevents", "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())


def wandb():
    import wandb as client
    from wandb.proto import wandb_internal_pb2 as protocol

    with tempfile.TemporaryDirectory() as folder:
        os.environ["WANDB_SILENT"] = "true"
        run = client.init(
            project="ser", mode="offline", name="made", dir=folder, config={"lr": 0.1, "text": "x" * 40000},
            settings=client.Settings(disable_git=True, console="off", x_disable_stats=True))
        for epoch in (1, 2):
            run.log({"val/loss": 0.1 * epoch}, step=epoch)
        run.finish()
        log = next(Path(folder).glob("wandb/offline-run-*/run-*.wandb")).read_bytes()
    everything, kept, place, content = [], [], 7, b""
    while place + 7 <= len(log):
        if 32768 - place % 32768 < 7:
            place += 32768 - place % 32768
            continue
        _, count, kind = struct.unpack("<IHB", log[place:place + 7])
        content += log[place + 7:place + 7 + count]
        place += 7 + count
        if kind in (1, 4):
            everything.append(content)
            record = protocol.Record.FromString(content)
            content = b""
            if record.WhichOneof("record_type") in ("header", "run", "summary", "history", "exit"):
                if record.HasField("run"):
                    record.run.host = "host"
                    record.run.run_id = "made0000"
                record._info.stream_id = "made0000"
                kept.append(record.SerializeToString())
    assert framed(log[:7], everything) == log, "the client frames records in another way"
    (here / "tracker.wandb").write_bytes(framed(log[:7], kept))


def framed(header, records):
    """Records in LevelDB's log format."""
    result = bytearray(header)
    for record in records:
        first = True
        while first or record:
            left = 32768 - len(result) % 32768
            if left < 7:
                result += bytes(left)
                continue
            piece, record = record[:left - 7], record[left - 7:]
            kind = (1 if not record else 2) if first else (4 if not record else 3)
            first = False
            result += struct.pack("<IHB", zlib.crc32(bytes([kind]) + piece), len(piece), kind) + piece
    return bytes(result)


tensorboard()
wandb()
