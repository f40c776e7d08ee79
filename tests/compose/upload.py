"""Copies folders into the bucket `mesh` of an S3 store.

    upload.py FOLDER NAME...    with S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY in the environment
"""
import os
import sys
import time

from pyarrow import fs

BUCKET = "mesh"
PATIENCE_SECONDS = 60


def open_store():
    endpoint = os.environ["S3_ENDPOINT"]
    scheme, host = endpoint.split("://")
    return fs.S3FileSystem(
        access_key=os.environ["S3_ACCESS_KEY"], secret_key=os.environ["S3_SECRET_KEY"], region="us-east-1",
        scheme=scheme, endpoint_override=host, allow_bucket_creation=True,
    )


def make_bucket(store):
    """The store may still be starting."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return store.create_dir(BUCKET)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def main(folder, names):
    store = open_store()
    make_bucket(store)
    local = fs.LocalFileSystem()
    for name in names:
        # Only files: an object store has no folders, and a made-up one would show as an object.
        selector = fs.FileSelector(os.path.join(folder, name), recursive=True)
        for info in local.get_file_info(selector):
            if info.type == fs.FileType.File:
                target = f"{BUCKET}/{os.path.relpath(info.path, folder)}"
                with local.open_input_stream(info.path) as source, store.open_output_stream(target) as sink:
                    sink.write(source.read())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
