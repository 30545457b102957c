# Builds MLflow's tracking server with the pinned, trimmed list of packages that the local stack installs too. Build from the
# project's root: docker build -f deploy/mlflow.Dockerfile -t citibike-mlflow .
FROM python:3.11.14-slim-bookworm
COPY stack/mlflow-requirements.txt /tmp/requirements.txt
# --no-deps, because the list is complete without packages that a tracking server does not need.
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --requirement /tmp/requirements.txt \
    && rm /tmp/requirements.txt \
    && useradd --uid 10001 --create-home mlflow
WORKDIR /home/mlflow
USER 10001
# The server has one worker and no job runner, because the defaults take 75 s to start and 1.8 GB.
ENV MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false \
    MLFLOW_DISABLE_TELEMETRY=true \
    AWS_REQUEST_CHECKSUM_CALCULATION=when_required \
    PYTHONUNBUFFERED=1
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:5000/health', timeout=4)"]
CMD ["python", "-m", "mlflow", "server", "--host", "0.0.0.0", "--port", "5000", "--workers", "1"]
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="citibike-mlflow" \
      org.opencontainers.image.description="MLflow's tracking server, with the packages that it needs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
