# The images of this product; docker-compose.yml builds them all. One of the six services:
#   docker build --target service --build-arg SERVICE=intake -t second-opinion/intake .
# Works with and without BuildKit: what a stage needs stands before it.

# The version that tools/node-runtime pins.
FROM node:26.10.0-slim AS runtime

FROM runtime AS manifests
WORKDIR /all
COPY package.json package-lock.json ./
COPY tools ./tools
COPY libs ./libs
COPY apps ./apps
# What npm needs to know, apart from the sources: the layers below stay as they are while only sources change.
# Readable for the user of the images, here and below, whoever made the clone.
RUN mkdir /manifests && cp --parents package.json package-lock.json tools/node-runtime/package.json libs/*/package.json apps/*/package.json /manifests \
  && chmod -R a+rX /manifests

FROM runtime AS production
WORKDIR /app
COPY --from=manifests /manifests ./
# The one optional dependency is a compiler, which only development needs.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM runtime AS build
WORKDIR /app
COPY --from=manifests /manifests ./
# What is optional are binaries of other tools than the compiler.
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json tsconfig.build.json ./
COPY libs ./libs
COPY apps ./apps
RUN node node_modules/typescript/bin/tsc -b tsconfig.build.json \
  && mkdir /out && cp --parents -r libs/*/dist libs/*/package.json apps/*/dist apps/*/package.json /out \
  && find /out \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete \
  && chmod -R a+rX /out

FROM runtime AS service
ARG SERVICE
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
COPY --from=production /app/node_modules /app/node_modules
COPY --from=build /out/libs /app/libs
COPY --from=build /out/apps/${SERVICE} /app/apps/${SERVICE}
COPY infra/images/healthcheck.mjs /app/healthcheck.mjs
RUN chmod a+r /app/healthcheck.mjs && install -d -o 1000 -g 1000 -m 0700 /data
WORKDIR /app/apps/${SERVICE}
# The user `node` of the base image.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=10s --start-period=120s --retries=6 CMD ["node", "/app/healthcheck.mjs"]
CMD ["node", "--disable-warning=ExperimentalWarning", "dist/main.js"]

# Makes topics, users and rights in the engines, and ends.
FROM runtime AS prepare
ENV NODE_ENV=production
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /out ./
COPY infra/rights.mjs infra/rights.mjs
COPY infra/prepare infra/prepare
RUN chmod -R a+rX infra
# The user `node` of the base image.
USER 1000:1000
CMD ["node", "infra/prepare/main.mjs"]

# The document of all paths, as standalone gives it: the gateway serves it.
FROM runtime AS document
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /out ./
COPY infra/gateway infra/gateway
RUN chmod -R a+rX infra && node infra/gateway/openapi.mjs /openapi.json

FROM nginxinc/nginx-unprivileged:1.29.4-alpine AS gateway
COPY --from=document /app/infra/gateway/nginx.conf /etc/nginx/nginx.conf
COPY --from=document /openapi.json /usr/share/nginx/html/openapi.json
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["wget", "-q", "--no-check-certificate", "-O", "/dev/null", "https://127.0.0.1:8443/health/live"]
