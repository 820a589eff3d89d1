# What runs, without what builds and tests it.
FROM oven/bun:1.4.5-debian AS dependencies
WORKDIR /app
COPY package.json bun.lock .npmrc ./
# Optional is what `npm start` needs alone: its own bun, and the embedded PostgreSQL. Peers that we need we name ourselves.
RUN bun install --frozen-lockfile --omit=dev --omit=optional --omit=peer

FROM oven/bun:1.4.5-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 API_PROCESSES=1
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json bunfig.toml tsconfig.json ./
COPY shared ./shared
COPY migrations ./migrations
COPY api ./api
COPY worker ./worker
COPY scripts ./scripts
# A volume that is mounted here belongs to whom the folder belongs.
RUN mkdir -p .nexus/pictures && chown -R bun:bun .nexus
USER bun
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
  CMD ["bun", "scripts/check-health.ts"]
# Of the same image: `bun worker/main.ts`, `bun scripts/migrate.ts`.
CMD ["bun", "api/main.ts"]
