"""What TensorBoard reads in the committed event file, for events.test.ts.

    pip install tensorboard==2.21.0
    python read_events.py > fixtures/events.json
"""

import json
import os
import shutil
import tempfile

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
for name in ("first", "second"):
    # The name that the writer gives: TensorBoard reads what is called so, in the order of the times.
    when = {"first": "1700000000000", "second": "1700000100000"}[name]
    shutil.copy(
        os.path.join(here, "fixtures", f"{name}.events"),
        os.path.join(folder, f"events.out.tfevents.{when}.host.genesis"),
    )
# Size guidance 0: keep all.
found = EventAccumulator(folder, size_guidance={"tensors": 0, "scalars": 0, "histograms": 0, "images": 0})
found.Reload()
print(
    json.dumps(
        {
            "tags": {kind: sorted(tags) for kind, tags in found.Tags().items() if kind in ("scalars", "histograms", "images")},
            "scalars": {
                tag: [[e.step, e.wall_time, e.value] for e in found.Scalars(tag)] for tag in found.Tags()["scalars"]
            },
            "histograms": {
                tag: [
                    {
                        "step": e.step,
                        "min": e.histogram_value.min,
                        "max": e.histogram_value.max,
                        "num": e.histogram_value.num,
                        "sum": e.histogram_value.sum,
                        "sumSquares": e.histogram_value.sum_squares,
                        "limits": list(e.histogram_value.bucket_limit),
                        "counts": list(e.histogram_value.bucket),
                    }
                    for e in found.Histograms(tag)
                ]
                for tag in found.Tags()["histograms"]
            },
            "images": {
                tag: [[e.step, e.width, e.height, list(e.encoded_image_string[:8])] for e in found.Images(tag)]
                for tag in found.Tags()["images"]
            },
        },
        indent=1,
    )
)
