#!/bin/sh
# install.sh ENVIRONMENT: put what the image runs into a virtual environment, every file as requirements.lock has it.
# Run in a checkout: by the Dockerfile, and by `make image-size` and `make sbom`, which thus speak of the same files.
set -eu

environment=$1
extras=${EXTRAS:-postgres cassandra iceberg watsonx otel} # all, so that a setting is enough to change a part

set --
for extra in $extras; do
    set -- "$@" --extra "$extra"
done
uv pip install --quiet --python "$environment" --require-hashes --constraints requirements.lock \
    --requirements pyproject.toml "$@"
uv pip install --quiet --python "$environment" --no-deps --build-constraints requirements.lock .

# What nothing imports: the tests of others, headers and static libraries to compile against.
site=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
find "$site" -type d \( -name tests -o -name include -o -name __pycache__ \) -prune -exec rm -rf {} +
find "$site" -type f \( -name '*.a' -o -name '*.pyx' -o -name '*.pxd' \) -delete

# Compiled here, once: the image's root is read-only, and a process that compiles what it imports starts three times slower.
"$environment/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$site" || true # some ship templates as .py
