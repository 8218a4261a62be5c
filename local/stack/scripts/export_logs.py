"""Write what every function logged to a folder, one file per log group. Usage: export_logs.py STACK_NAME FOLDER."""

import sys
from pathlib import Path

import boto3


def export_logs(stack_name, folder):
    """Every event of every log group of the stack; returns the number of events."""
    logs = boto3.client("logs")
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"/{stack_name}/")
    for group in (group["logGroupName"] for page in groups for group in page["logGroups"]):
        events = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = [event["message"].rstrip("\n") for page in events for event in page["events"]]
        (folder / f"{group.rsplit('/', 1)[1]}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
        count += len(lines)
    return count


if __name__ == "__main__":
    print(export_logs(sys.argv[1], Path(sys.argv[2])))
