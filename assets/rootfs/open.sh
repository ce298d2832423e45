#!/bin/sh
exec openvt "$@"
