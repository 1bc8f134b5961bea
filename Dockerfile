# Build: the SDK of global.json's feature band. Restore is locked to packages.lock.json. On another processor: without AheadFor.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet restore src/Ingest.Worker --locked-mode -p:AheadFor=linux-x64 \
 && dotnet publish src/Ingest.Worker -c Release --no-restore -p:AheadFor=linux-x64 -o /app

FROM mcr.microsoft.com/dotnet/runtime:10.0
# Swedish formats and the Swedish zone come from the system; a base image that has them is left as it is.
RUN if ! ls /usr/lib/*/libicuuc.so.* >/dev/null 2>&1 || [ ! -e /usr/share/zoneinfo/Europe/Stockholm ]; then \
        apt-get update \
     && apt-get install -y --no-install-recommends tzdata "$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d ' ' -f 1 | sort -V | tail -n 1)" \
     && rm -rf /var/lib/apt/lists/*; \
    fi
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false
RUN groupadd --gid 10001 ingest \
 && useradd --uid 10001 --gid ingest --no-create-home --home-dir /data --shell /usr/sbin/nologin ingest \
 && install -d -o ingest -g ingest -m 0755 /data
WORKDIR /app
COPY --from=build /app .
USER 10001:10001
VOLUME /data
ENTRYPOINT ["./ingest"]
CMD ["run", "--root", "/data"]
