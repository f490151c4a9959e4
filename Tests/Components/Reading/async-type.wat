;; expect: component.feature.async
;;
;; An asynchronous type alone is refused.
(component (import "i" (instance (export "f" (func async)))))
