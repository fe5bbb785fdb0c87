FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The script would build the console, whose sources are not here yet.
RUN npm install --ignore-scripts
COPY . .
RUN npm run build

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=build /app/dist ./dist
COPY --from=build /app/admin/dist ./admin/dist
COPY qingan.js LICENSE ./
COPY intents ./intents
# The compiled program reads its pages where the sources have them.
COPY bot/channels/web/page ./bot/channels/web/page
COPY bot/simulators/page ./bot/simulators/page
# The key file is made beside the data folder: one level down, so that it lies on the volume too.
RUN mkdir -p /data/qingan && chown -R node:node /data && chmod 700 /data
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data/qingan
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then((res) => process.exit(res.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "qingan.js", "start"]
