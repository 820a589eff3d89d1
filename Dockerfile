FROM oven/bun:1.4.5-debian AS dependencies
WORKDIR /app
COPY package.json bun.lock .npmrc ./
RUN bun install --frozen-lockfile --production

FROM oven/bun:1.4.5-debian
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json bunfig.toml tsconfig.json ./
COPY api ./api
COPY worker ./worker
COPY shared ./shared
COPY migrations ./migrations
COPY scripts ./scripts
USER bun
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["bun", "-e", "const r = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`); process.exit(r.ok ? 0 : 1)"]
CMD ["bun", "api/main.ts"]
