# syntax=docker/dockerfile:1
# An image that has no program to ask itself whether it is well, and one that can: BusyBox's wget, static.
ARG BASE
FROM busybox:1.37.0-musl AS busybox
# hadolint ignore=DL3006
FROM ${BASE}
COPY --from=busybox /bin/busybox /bin/wget
