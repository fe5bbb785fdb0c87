/* Keeps the page and the phone numbers usable when the server or the net is gone.
   Only the four public addresses below are ever cached: no session, no message, nothing a person wrote. */
'use strict'

var CACHE = 'page-1'
var SHELL = ['/', '/chat.css', '/chat.js']
var HELLO = '/channels/web/hello'
var PATIENCE = 4000 // ms on a slow net before the cached copy is shown

self.addEventListener('install', function (event) {
  event.waitUntil(
    caches
      .open(CACHE)
      .then(function (cache) {
        return Promise.all(
          SHELL.map(function (path) {
            return fresh(cache, path)
          })
        )
      })
      .then(function () {
        return self.skipWaiting()
      })
  )
})

self.addEventListener('activate', function (event) {
  event.waitUntil(
    caches
      .keys()
      .then(function (names) {
        return Promise.all(
          names.map(function (name) {
            return name === CACHE ? null : caches.delete(name)
          })
        )
      })
      .then(function () {
        return self.clients.claim()
      })
      .then(function () {
        return caches.open(CACHE)
      })
      .then(function (cache) {
        // The page works without the hello: a failure here is told by the browser and undoes nothing.
        return fresh(cache, HELLO)
      })
  )
})

self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (SHELL.indexOf(url.pathname) < 0 && url.pathname !== HELLO) return
  event.respondWith(
    caches.open(CACHE).then(function (cache) {
      return answer(cache, url.pathname)
    })
  )
})

/** Network first; the copy after PATIENCE or on failure. No copy: wait for the network. */
function answer(cache, path) {
  return new Promise(function (resolve, reject) {
    var settled = false
    function copy(failure) {
      return cache.match(path).then(function (kept) {
        if (settled) return
        if (kept) {
          settled = true
          resolve(path === HELLO ? marked(kept, failure ? 'failed' : 'slow') : kept)
        } else if (failure) {
          settled = true
          if (failure.status) resolve(failure)
          else reject(failure)
        }
      })
    }
    var timer = setTimeout(function () {
      copy(null)
    }, PATIENCE)
    fresh(cache, path).then(
      function (response) {
        clearTimeout(timer)
        if (!settled) {
          settled = true
          resolve(response)
        }
      },
      function (failure) {
        clearTimeout(timer)
        copy(failure)
      }
    )
  })
}

/** Fetches and keeps; rejects with the response when the server answers with an error. */
function fresh(cache, path) {
  return fetch(path, { cache: 'no-cache', credentials: 'same-origin' }).then(function (response) {
    if (response.status !== 200) return Promise.reject(response)
    var kept = response.clone()
    return cache.put(path, kept).then(
      function () {
        return response
      },
      function () {
        return response
      }
    )
  })
}

/** The page must not say "现在有人接" from a copy, so the copy says what it is. */
function marked(kept, why) {
  var headers = new Headers(kept.headers)
  headers.set('X-From-Cache', why)
  return kept.blob().then(function (blob) {
    return new Response(blob, { status: 200, headers: headers })
  })
}
